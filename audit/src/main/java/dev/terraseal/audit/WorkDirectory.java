package dev.terraseal.audit;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.store.ObjectLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one audit has read so far, so that one that was interrupted goes on. A version never changes and a COMPLIANCE lock
 * never gets shorter, as the store promises; a later audit takes nothing on trust from this one, so it is emptied at the
 * end. Safe for use by several threads.
 */
public final class WorkDirectory implements AutoCloseable {
    private static final String PLACE = "audit.txt";
    private static final String LOCKS = "locks.txt";

    private final Path root;
    private final boolean temporary;
    private final Map<String, ObjectLock> locks = new HashMap<>();
    private final boolean resumed;

    private WorkDirectory(Path root, boolean temporary, boolean resumed) {
        this.root = root;
        this.temporary = temporary;
        this.resumed = resumed;
    }

    /** One that nobody goes on with. */
    public static WorkDirectory temporary() throws IOException {
        return new WorkDirectory(Files.createTempDirectory("terraseal-audit-"), true, false);
    }

    /**
     * The one in {@code root}, made where there is none.
     *
     * @param place the store, as it is called on the command line
     * @throws IllegalArgumentException if it holds something else, or another store's audit
     */
    public static WorkDirectory in(Path root, String place) throws IOException {
        Files.createDirectories(root);
        Path said = root.resolve(PLACE);
        boolean resumed = Files.exists(said);
        if (resumed && !Files.readString(said).equals(place + "\n")) {
            throw new IllegalArgumentException(root + " holds an unfinished audit of "
                    + Files.readString(said).strip() + ", not of " + place + "; give another directory");
        }
        if (!resumed) {
            try (Stream<Path> entries = Files.list(root)) {
                if (entries.findAny().isPresent()) {
                    throw new IllegalArgumentException(
                            root + " is not empty and no unfinished audit; give another directory");
                }
            }
            Files.writeString(said, place + "\n");
        }
        WorkDirectory work = new WorkDirectory(root, false, resumed);
        work.readLocks();
        return work;
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
        for (String line : Files.readAllLines(file)) {
            int space = line.indexOf(' ');
            // The last line may have been cut off.
            if (space == 64 && line.endsWith("Z")) {
                locks.put(
                        line.substring(0, space),
                        new ObjectLock(ObjectLock.Mode.COMPLIANCE, Instant.parse(line.substring(space + 1))));
            }
        }
    }

    private static String id(String name, String version) {
        return Digest.of(Bytes.utf8(name + "\n" + version)).hex();
    }

    private Path file(String name, String version) {
        String id = id(name, version);
        return root.resolve("objects").resolve(id.substring(0, 2)).resolve(id.substring(2));
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
        Files.write(part, content.toByteArray());
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

    /** The audit came to its end: nothing of it is needed. */
    public void finished() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(root)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            if (temporary || !file.equals(root)) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (temporary && Files.exists(root)) {
            finished();
        }
    }
}
