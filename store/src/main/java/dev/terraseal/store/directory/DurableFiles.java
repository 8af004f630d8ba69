package dev.terraseal.store.directory;

import dev.terraseal.core.bytes.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Files that are whole and durable when a method returns, whatever loses power in between: content is fsynced before it
 * gets its name, and the directory that holds the name after.
 */
final class DurableFiles {
    private static final String TEMPORARY = ".tmp";
    /** Longer than any write takes: another process may be writing into the same archive. */
    private static final Duration LEFT_BEHIND = Duration.ofDays(1);

    private final Path root;
    private final Path temporary;
    private final Sync sync;
    /** Directories whose own name this process made durable; it asks once, for the others cost an fsync for each file. */
    private final Set<Path> named = ConcurrentHashMap.newKeySet();

    /** Makes what a file holds, or which names a directory holds, outlast a loss of power. */
    @FunctionalInterface
    interface Sync {
        void of(Path fileOrDirectory) throws IOException;

        static void force(Path fileOrDirectory) throws IOException {
            try (FileChannel channel = FileChannel.open(fileOrDirectory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private DurableFiles(Path root, Sync sync) {
        this.root = root;
        this.temporary = root.resolve(TEMPORARY);
        this.sync = sync;
    }

    static DurableFiles in(Path root, Sync sync) throws IOException {
        DurableFiles files = new DurableFiles(root, sync);
        files.directory(files.temporary);
        files.removeLeftBehind();
        return files;
    }

    static DurableFiles notWritten(Path root) {
        return new DurableFiles(root, Sync::force);
    }

    /** Makes a read-only file; false, and nothing done, if the name exists. */
    boolean create(Path target, Bytes content) throws IOException {
        directory(parent(target));
        if (Files.exists(target)) {
            // It may have been linked by a process that died before its fsync.
            sync.of(parent(target));
            return false;
        }
        Path written = write(content);
        try {
            readOnly(written);
            Files.createLink(target, written);
            sync.of(parent(target));
            return true;
        } catch (FileAlreadyExistsException someoneElse) {
            // Who was faster may not be as far as its fsync, and our caller goes on now.
            sync.of(parent(target));
            return false;
        } finally {
            Files.deleteIfExists(written);
        }
    }

    /** Makes a file that is there already as durable as one of ours, whoever made it and however far that one came. */
    void settle(Path target) throws IOException {
        sync.of(target);
        directory(parent(target));
        sync.of(parent(target));
    }

    void replace(Path target, Bytes content) throws IOException {
        directory(parent(target));
        Path written = write(content);
        try {
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
        sync.of(parent(target));
    }

    /** Removes a file, and the directory that held it if that is now empty. */
    void delete(Path target) throws IOException {
        if (!Files.deleteIfExists(target)) {
            return;
        }
        Path directory = parent(target);
        boolean empty;
        try (Stream<Path> left = Files.list(directory)) {
            empty = left.findAny().isEmpty();
        }
        if (empty && !directory.equals(root)) {
            named.remove(directory);
            Files.deleteIfExists(directory);
            directory = parent(directory);
        }
        sync.of(directory);
    }

    private Path write(Bytes content) throws IOException {
        Path file = temporary.resolve(UUID.randomUUID().toString());
        try {
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer left = content.asReadOnlyBuffer();
                while (left.hasRemaining()) {
                    channel.write(left);
                }
            }
            sync.of(file);
            return file;
        } catch (IOException failed) {
            Files.deleteIfExists(file);
            throw failed;
        }
    }

    private static void readOnly(Path file) throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        } else if (!file.toFile().setReadOnly()) {
            throw new IOException(file + " could not be made read-only");
        }
    }

    /** Sees to it that a directory and those above it are there, each named durably in its parent, whoever made them. */
    private void directory(Path directory) throws IOException {
        boolean there = Files.isDirectory(directory);
        boolean ours = directory.startsWith(root);
        if (there && (!ours || named.contains(directory))) {
            return;
        }
        directory(parent(directory));
        try {
            if (!there) {
                Files.createDirectory(directory);
            }
        } catch (FileAlreadyExistsException someoneElse) {
            if (!Files.isDirectory(directory)) {
                throw someoneElse;
            }
        }
        try {
            sync.of(parent(directory));
        } catch (AccessDeniedException closed) {
            if (!there || !directory.equals(root)) {
                throw closed;
            }
            // What is above an archive may be closed to us: then somebody else made its directory, long ago.
        }
        named.add(directory);
    }

    private static Path parent(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent == null) {
            throw new NoSuchFileException(path.toString(), null, "it has no parent directory");
        }
        return parent;
    }

    private void removeLeftBehind() throws IOException {
        Instant lastUsed = Files.getLastModifiedTime(temporary).toInstant();
        try (Stream<Path> files = Files.list(temporary)) {
            for (Path file : files.toList()) {
                if (Files.exists(file)
                        && Files.getLastModifiedTime(file).toInstant().isBefore(lastUsed.minus(LEFT_BEHIND))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
