package dev.terraseal.signer;

import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.signer.check.Floor;
import dev.terraseal.signer.check.RefusedEntryException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the {@link FloorFile} at most a second behind; without a file, nothing. One thread. */
final class FloorMemory {
    private static final Logger LOG = LoggerFactory.getLogger(FloorMemory.class);
    private static final long EVERY_MILLIS = 1_000;

    private final @Nullable Path path;
    private final @Nullable FloorFile file;
    private final InstantSource clock;
    private @Nullable LogHead signed;
    private long written;

    FloorMemory(@Nullable Path path, LogDeclaration log, InstantSource clock) {
        this.path = path;
        this.file = path == null ? null : new FloorFile(path, log);
        this.clock = clock;
    }

    Optional<Floor> read() throws IOException, RefusedEntryException {
        return file == null ? Optional.empty() : file.read();
    }

    void committed(LogHead head) {
        signed = head;
        long elapsed = clock.millis() - written;
        // A clock that was set back must not hold the file up until it is again where it was.
        if (elapsed < 0 || elapsed >= EVERY_MILLIS) {
            write();
        }
    }

    /** Writes what was signed last. */
    void write() {
        LogHead head = signed;
        if (file == null || head == null) {
            return;
        }
        written = clock.millis();
        try {
            file.write(head);
        } catch (IOException lost) {
            // The signatures are on the topic already; only the early warning is weaker now.
            LOG.warn("event=floor_not_written file={} reason=\"{}\"", path, lost.toString());
        }
    }
}
