package dev.terraseal.run.spool;

import dev.terraseal.run.client.Pause;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An exclusive hold on a file, which the operating system gives back when the holder dies. Whether another process can
 * take it is how we know that the one that began a run is dead.
 *
 * <p>The file must be opened for nothing else: POSIX drops the lock when any descriptor of it is closed.
 */
final class FileLease implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);

    /** Leases of this process: the system's lock is the process's, and a second look at the file would drop it. */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final FileChannel channel;
    private final Path name;

    private FileLease(FileChannel channel, Path name) {
        this.channel = channel;
        this.name = name;
    }

    /** Null where another holder has it. */
    static @Nullable FileLease tryTake(Path file) throws IOException {
        Path name = file.toAbsolutePath().normalize();
        if (!HELD_HERE.add(name)) {
            return null;
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(name, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            taken = channel.tryLock() != null;
            return taken ? new FileLease(channel, name) : null;
        } finally {
            if (!taken) {
                if (channel != null) {
                    channel.close();
                }
                HELD_HERE.remove(name);
            }
        }
    }

    /** Waits up to {@code patience}; null where it did not come free. */
    static @Nullable FileLease take(Path file, Duration patience, Pause pause)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            FileLease lease = tryTake(file);
            if (lease != null || System.nanoTime() - deadline >= 0) {
                return lease;
            }
            pause.of(POLL);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD_HERE.remove(name);
        }
    }
}
