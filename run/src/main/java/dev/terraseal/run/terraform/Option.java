package dev.terraseal.run.terraform;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One option of a terraform command.
 *
 * @param name without dashes
 * @param value null where none was written
 * @param written the words as they stood, to be passed on unchanged
 */
public record Option(String name, @Nullable String value, List<String> written) {
    public Option {
        written = List.copyOf(written);
    }
}
