package dev.terraseal.store.directory;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.store.Version;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An archive in a directory. A locked object is written under a temporary name, fsynced, linked to a name that must not
 * exist, and its directory fsynced, so that a crash leaves it whole or absent; it has mode 0444. A name has one version:
 * a file that is not valid was made by someone else, and nothing goes on before a person moved it away.
 */
public final class DirectoryStore implements ArchiveStore {
    private static final String ONLY_VERSION = "file";

    private final Path root;
    private final DurableFiles files;

    private DirectoryStore(Path root, DurableFiles files) {
        this.root = root;
        this.files = files;
    }

    /** Opens the archive in {@code root}, making the directory where there is none. */
    public static DirectoryStore open(Path root) throws StoreException {
        return open(root, DurableFiles.Sync::force);
    }

    static DirectoryStore open(Path root, DurableFiles.Sync sync) throws StoreException {
        Path absolute = root.toAbsolutePath().normalize();
        try {
            return new DirectoryStore(absolute, DurableFiles.in(absolute, sync));
        } catch (IOException cause) {
            throw StoreException.lasting(
                    "the archive directory " + absolute + " cannot be used: " + cause
                            + "; give another with --archive or mend its permissions",
                    cause);
        }
    }

    /** Opens an archive that is only read: nothing is made, so that it may lie on a read-only medium. */
    public static DirectoryStore openForReading(Path root) throws StoreException {
        Path absolute = root.toAbsolutePath().normalize();
        if (!Files.isDirectory(absolute)) {
            throw StoreException.lasting("there is no archive directory " + absolute);
        }
        return new DirectoryStore(absolute, DurableFiles.notWritten(absolute));
    }

    public Path root() {
        return root;
    }

    @Override
    public Stored keep(String name, Bytes content, Instant retainUntil, Validity validity) throws StoreException {
        if (!validity.holds(content)) {
            throw new IllegalArgumentException("what is to be kept as " + name + " is not valid itself");
        }
        if (content.length() > ArchiveNames.most(name)) {
            throw StoreException.lasting(path(name) + " would have " + content.length() + " bytes; readers take "
                    + ArchiveNames.most(name) + " at most");
        }
        try {
            if (files.create(path(name), content)) {
                return new Stored(name, ONLY_VERSION, content);
            }
        } catch (IOException cause) {
            throw failed("write", name, cause);
        }
        return read(name, validity)
                .orElseThrow(
                        () -> StoreException.lasting(
                                "the file " + path(name)
                                        + " is not what belongs there, and was not written by this archive; find out who did, then move it away"));
    }

    /** A directory refuses nothing, also not what this archive wrote; but what is held is to outlast a loss of power. */
    @Override
    public void hold(String name, String version, Instant retainUntil) throws StoreException {
        try {
            files.settle(path(name));
        } catch (NoSuchFileException gone) {
            throw StoreException.passing(
                    path(name) + " was there and is not any more; is something deleting files?", gone);
        } catch (IOException cause) {
            throw failed("fsync", name, cause);
        }
    }

    @Override
    public void replace(String name, Bytes content) throws StoreException {
        try {
            files.replace(path(name), content);
        } catch (IOException cause) {
            throw failed("write", name, cause);
        }
    }

    @Override
    public boolean advance(String name, Bytes content, Validity mayGo) throws StoreException {
        Optional<Bytes> current = readNewest(name);
        if (current.isPresent() && !mayGo.holds(current.get())) {
            return false;
        }
        replace(name, content);
        return true;
    }

    @Override
    public void discard(String name) throws StoreException {
        try {
            files.delete(path(name));
        } catch (IOException cause) {
            throw failed("delete", name, cause);
        }
    }

    @Override
    public Optional<Stored> read(String name, Validity validity) throws StoreException {
        return readNewest(name)
                .filter(content -> content.length() <= ArchiveNames.most(name) && validity.holds(content))
                .map(content -> new Stored(name, ONLY_VERSION, content, true));
    }

    /** Of a file that is longer than its name allows it is the beginning, and longer than that too. */
    @Override
    public Optional<Bytes> readNewest(String name) throws StoreException {
        if (file(name).isEmpty()) {
            return Optional.empty();
        }
        try (SeekableByteChannel file = Files.newByteChannel(path(name))) {
            byte[] content = new byte[(int) Math.min(file.size(), ArchiveNames.most(name) + 1)];
            int read = Channels.newInputStream(file).readNBytes(content, 0, content.length);
            return Optional.of(Bytes.wrap(read == content.length ? content : Arrays.copyOf(content, read)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException cause) {
            throw failed("read", name, cause);
        }
    }

    @Override
    public List<Version> versions(String name) throws StoreException {
        return file(name).stream()
                .map(file -> new Version(
                        ONLY_VERSION,
                        false,
                        file.size(),
                        file.lastModifiedTime().toInstant()))
                .toList();
    }

    /** Empty where there is none. A pipe would be waited for without end, and a directory will not become a file. */
    private Optional<BasicFileAttributes> file(String name) throws StoreException {
        BasicFileAttributes file;
        try {
            file = Files.readAttributes(path(name), BasicFileAttributes.class);
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException cause) {
            throw failed("read", name, cause);
        }
        if (!file.isRegularFile()) {
            throw StoreException.lasting(path(name)
                    + " is no regular file, and was not made by this archive; find out who did, then move it away");
        }
        return Optional.of(file);
    }

    @Override
    public List<String> names(String prefix, String after, int limit) throws StoreException {
        try {
            return new Listing(root).names(prefix, after, limit);
        } catch (IOException cause) {
            throw failed("list", prefix, cause);
        }
    }

    @Override
    public Optional<String> newestNumbered(String prefix, String suffix, SequenceNumber bound) throws StoreException {
        try {
            return new Listing(root).newestNumbered(prefix, suffix, bound);
        } catch (IOException cause) {
            throw failed("list", prefix, cause);
        }
    }

    @Override
    public String immutability() {
        return "none";
    }

    @Override
    public void close() {
        // Nothing is held open between calls.
    }

    private Path path(String name) {
        return root.resolve(ArchiveNames.requireName(name));
    }

    private StoreException failed(String verb, String name, IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return StoreException.lasting(
                    "may not " + verb + " " + root.resolve(name) + ": " + cause
                            + "; mend its owner or permissions, and those of the directories above it",
                    cause);
        }
        return StoreException.passing(
                "could not " + verb + " " + root.resolve(name) + ": " + cause
                        + "; is the disk full, or are its permissions wrong?",
                cause);
    }
}
