package dev.terraseal.audit;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.store.ObjectLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one audit has read so far, so that one that was interrupted goes on. A version never changes and a COMPLIANCE lock
 * never gets shorter, as the store promises; a later audit takes nothing on trust from this one, so it is emptied at the
 * end. Safe for use by several threads.
 */
public final class WorkDirectory implements AutoCloseable {
    private static final String PLACE = "audit.txt";
    private static final String LOCKS = "locks.txt";
    private static final String OBJECTS = "objects";
    /** A line that was cut off, and one written behind such a line, are none. */
    private static final Pattern LOCK =
            Pattern.compile("([0-9a-f]{64}) (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z)");

    private final Path root;
    private final @Nullable FileChannel held;
    private final boolean resumed;
    private final Map<String, ObjectLock> locks = new HashMap<>();

    /** @param held keeps other processes out while it is open; null of a temporary one, which nobody else knows */
    private WorkDirectory(Path root, @Nullable FileChannel held, boolean resumed) {
        this.root = root;
        this.held = held;
        this.resumed = resumed;
    }

    /** One that nobody goes on with. */
    public static WorkDirectory temporary() throws IOException {
        return new WorkDirectory(Files.createTempDirectory("terraseal-audit-"), null, false);
    }

    /**
     * The one in {@code root}, made where there is none.
     *
     * @param place the store, as it is called on the command line
     * @throws IllegalArgumentException if it holds something else, or another store's audit, or one that is running
     */
    public static WorkDirectory in(Path root, String place) throws IOException {
        Files.createDirectories(root);
        Path said = root.resolve(PLACE);
        if (!Files.exists(said)) {
            requireEmpty(root);
        }
        FileChannel held =
                FileChannel.open(said, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            requireAlone(held, root);
            WorkDirectory work = new WorkDirectory(root, held, isOf(place, held, said));
            work.readLocks();
            return work;
        } catch (IOException | RuntimeException refused) {
            held.close();
            throw refused;
        }
    }

    private static void requireEmpty(Path root) throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            if (entries.findAny().isPresent()) {
                throw new IllegalArgumentException(
                        root + " is not empty and no unfinished audit; give another directory");
            }
        }
    }

    private static void requireAlone(FileChannel held, Path root) throws IOException {
        boolean alone;
        try {
            alone = held.tryLock() != null;
        } catch (OverlappingFileLockException inThisProcess) {
            alone = false;
        }
        if (!alone) {
            throw new IllegalArgumentException(
                    "another audit is at work in " + root + "; wait for its end, or give another directory");
        }
    }

    /** Whether an audit of {@code place} was begun there; if none was, one is begun. */
    private static boolean isOf(String place, FileChannel held, Path said) throws IOException {
        // By this channel: closing another of the same file would give the lock away.
        String begun = new String(Channels.newInputStream(held).readAllBytes(), StandardCharsets.UTF_8);
        if (begun.isEmpty()) {
            write(held, Bytes.utf8(place + "\n"));
            held.force(true);
            return false;
        }
        if (!begun.equals(place + "\n")) {
            throw new IllegalArgumentException(said.getParent() + " holds an unfinished audit of " + begun.strip()
                    + ", not of " + place + "; give another directory");
        }
        return true;
    }

    /** Whether an earlier audit left something to go on with. */
    public boolean isResumed() {
        return resumed;
    }

    private void readLocks() throws IOException {
        Path file = root.resolve(LOCKS);
        if (!Files.exists(file)) {
            return;
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        int whole = text.lastIndexOf('\n') + 1;
        if (whole < text.length()) {
            // A line that was cut off would swallow the next one.
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(whole);
            }
        }
        for (String line : text.substring(0, whole).split("\n")) {
            Matcher lock = LOCK.matcher(line);
            if (lock.matches()) {
                learn(lock.group(1), lock.group(2));
            }
        }
    }

    private void learn(String id, String until) {
        try {
            locks.put(id, new ObjectLock(ObjectLock.Mode.COMPLIANCE, Instant.parse(until)));
        } catch (DateTimeParseException damaged) {
            // Its lock is asked for once more.
            locks.remove(id);
        }
    }

    private static void write(FileChannel out, Bytes content) throws IOException {
        ByteBuffer left = content.asReadOnlyBuffer();
        while (left.hasRemaining()) {
            out.write(left);
        }
    }

    private static String id(String name, String version) {
        return Digest.of(Bytes.utf8(name + "\n" + version)).hex();
    }

    private Path file(String name, String version) {
        String id = id(name, version);
        return root.resolve(OBJECTS).resolve(id.substring(0, 2)).resolve(id.substring(2));
    }

    /** The content of a version that was read before. */
    Optional<Path> content(String name, String version) {
        return Optional.of(file(name, version)).filter(Files::exists);
    }

    /** Keeps the content of a version; a file is there whole or not at all. */
    Path keep(String name, String version, Bytes content) throws IOException {
        Path file = file(name, version);
        Files.createDirectories(file.getParent());
        Path part = Files.createTempFile(file.getParent(), "", ".part");
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
            write(out, content);
            if (held != null) {
                // Else a loss of power leaves the name with half of the bytes, and they would be called tampered with.
                out.force(true);
            }
        }
        return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    synchronized Optional<ObjectLock> lock(String name, String version) {
        return Optional.ofNullable(locks.get(id(name, version)));
    }

    /** Remembers a lock, if it is one that can only get longer. */
    synchronized void remember(String name, String version, ObjectLock lock) throws IOException {
        if (lock.mode() == ObjectLock.Mode.COMPLIANCE) {
            Files.writeString(
                    root.resolve(LOCKS),
                    id(name, version) + " " + lock.retainUntil() + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }

    /** The audit came to its end: nothing of it is needed. What somebody else put into its directory stays. */
    public void finished() throws IOException {
        delete(root.resolve(OBJECTS));
        Files.deleteIfExists(root.resolve(LOCKS));
        // Last, for without it the rest would belong to nobody.
        Files.deleteIfExists(root.resolve(PLACE));
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void close() throws IOException {
        if (held == null) {
            delete(root);
        } else {
            held.close();
        }
    }
}
