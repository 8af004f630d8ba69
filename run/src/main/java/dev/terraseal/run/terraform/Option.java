package dev.terraseal.run.terraform;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One option of a terraform command.
 *
 * @param name without dashes
 * @param value null where none was written
 * @param written the words as they stood, to be passed on unchanged
 */
public record Option(String name, @Nullable String value, List<String> written) {
    private static final Set<String> BOOLEANS =
            Set.of("1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False");

    public Option {
        written = List.copyOf(written);
    }

    /** Whether Go reads it as a yes or no; terraform refuses any other value of such an option. */
    boolean isBoolean() {
        return value == null || BOOLEANS.contains(value);
    }
}
