package dev.terraseal.cli.up;

import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.settings.FileFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory {@code up} keeps everything in. Held by one process at a time through a lock on {@code lock}, which the
 * operating system gives back when that process dies, however it dies.
 */
public final class DataDirectory implements AutoCloseable {
    private static final String LAYOUT = "1";

    /** What lies in one, also where up was killed, or who lost a disk put log.json and keys into a new one. */
    private static final Pattern OURS =
            Pattern.compile("\\.gitignore|\\.log-.*|archive|authority(-take-offline)?|kafka|keys"
                    + "|layout(\\.new)?|lock|log\\.json|lost\\+found|signed.*|streams|up\\.json(\\.new)?|.*\\.log");

    private final Path root;
    private @Nullable FileChannel channel;
    private @Nullable FileLock lock;

    private DataDirectory(Path root) {
        this.root = root;
    }

    /** Names a directory without taking hold of it: for commands that only read. */
    public static DataDirectory at(Path root) {
        return new DataDirectory(root.toAbsolutePath().normalize());
    }

    /** Creates what is missing and takes hold of the directory. */
    public static DataDirectory open(Path root) throws CommandFailedException {
        DataDirectory directory = at(root);
        try {
            directory.prepare();
            directory.takeLock();
            return directory;
        } catch (IOException e) {
            throw CommandFailedException.unavailable(
                    "cannot use the data directory " + directory.root + ": " + FileFailure.why(e), e);
        }
    }

    private void prepare() throws IOException, CommandFailedException {
        if (root.toString().contains(",")) {
            throw CommandFailedException.usage("the data directory " + root + " has a comma in its name, where Kafka's"
                    + " setting log.dirs begins another directory: give another --data");
        }
        boolean begun = requireLayout();
        if (!begun) {
            requireOurs();
        }
        Files.createDirectories(root);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        Path ignore = root.resolve(".gitignore");
        if (!Files.exists(ignore)) {
            // Private keys live here, and the default place is inside somebody's repository.
            Files.writeString(ignore, "*\n");
        }
        if (!begun) {
            write(layout(), Bytes.utf8(LAYOUT + "\n"));
        }
    }

    /** Whether the directory says its layout; nothing is what an older release left of it on a full disk. */
    private boolean requireLayout() throws IOException, CommandFailedException {
        String found = Files.exists(layout()) ? Files.readString(layout()).trim() : "";
        if (!found.isEmpty() && !found.equals(LAYOUT)) {
            throw CommandFailedException.usage("the data directory " + root + " has layout " + found
                    + " and this program knows layout " + LAYOUT + ": it was made by a newer terraseal; use that one");
        }
        return !found.isEmpty();
    }

    /** Somebody's home, or the directory of a project, is not closed to everybody else and hidden from git. */
    private void requireOurs() throws IOException, CommandFailedException {
        if (!Files.exists(root)) {
            return;
        }
        Optional<String> other;
        try (Stream<Path> all = Files.list(root)) {
            other = all.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !OURS.matcher(name).matches())
                    .min(Comparator.naturalOrder());
        }
        if (other.isPresent()) {
            throw CommandFailedException.usage("the directory " + root + " is no data directory and holds "
                    + other.get()
                    + ": terraseal up closes its directory to others (mode 0700) and fills it. Give --data"
                    + " a new or an empty one, such as " + root.resolve("terraseal"));
        }
    }

    /** Durable when this returns, and whole or not there at all after a loss of power or on a full disk. */
    void write(Path file, Bytes content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel out = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = content.asReadOnlyBuffer();
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel names = FileChannel.open(root, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private void takeLock() throws IOException, CommandFailedException {
        FileChannel opened = FileChannel.open(
                root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock taken;
        try {
            taken = opened.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            taken = null;
        }
        if (taken == null) {
            String holder = Files.readString(root.resolve("lock")).trim();
            opened.close();
            throw CommandFailedException.usage("the data directory " + root + " is in use by "
                    + (holder.isEmpty() ? "another process" : holder)
                    + "; stop that one, or give this one another directory with --data");
        }
        opened.truncate(0);
        opened.write(
                ByteBuffer.wrap(("process " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)));
        opened.force(true);
        this.channel = opened;
        this.lock = taken;
    }

    public Path root() {
        return root;
    }

    private Path layout() {
        return root.resolve("layout");
    }

    public Path kafka() {
        return root.resolve("kafka");
    }

    public Path streams() {
        return root.resolve("streams");
    }

    public Path keys() {
        return root.resolve("keys");
    }

    public Path authority() {
        return root.resolve("authority-take-offline");
    }

    public Path archive() {
        return root.resolve("archive");
    }

    /** What the signer signed last. */
    public Path signed() {
        return root.resolve("signed");
    }

    /** The declaration of the log this directory holds; absent before its birth. */
    public Path logJson() {
        return root.resolve("log.json");
    }

    /** What the running server said when it was ready. */
    public Path upJson() {
        return root.resolve("up.json");
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.release();
        }
        if (channel != null) {
            channel.close();
        }
    }
}
