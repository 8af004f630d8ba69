package dev.terraseal.export;

import dev.terraseal.core.bytes.Digest;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bundle that was written.
 *
 * @param path where it is
 * @param remarks what it leaves out that somebody may look for in it
 * @param insteadOfZip why it is a directory although a zip was asked for, or null
 */
public record Exported(
        Path path,
        Digest genesis,
        long first,
        long last,
        long count,
        long checkpointSize,
        List<String> remarks,
        @Nullable String insteadOfZip) {
    public Exported {
        remarks = List.copyOf(remarks);
    }
}
