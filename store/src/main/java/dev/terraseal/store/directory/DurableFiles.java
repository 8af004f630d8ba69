package dev.terraseal.store.directory;

import dev.terraseal.core.bytes.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
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

    private DurableFiles(Path root, Path temporary) {
        this.root = root;
        this.temporary = temporary;
    }

    static DurableFiles in(Path root) throws IOException {
        Files.createDirectories(root);
        DurableFiles files = new DurableFiles(root, root.resolve(TEMPORARY));
        files.directory(files.temporary);
        files.removeLeftBehind();
        return files;
    }

    static DurableFiles notWritten(Path root) {
        return new DurableFiles(root, root.resolve(TEMPORARY));
    }

    /** Makes a read-only file; false, and nothing done, if the name exists. */
    boolean create(Path target, Bytes content) throws IOException {
        if (Files.exists(target)) {
            // It may have been linked by a process that died before its fsync.
            sync(parent(target));
            return false;
        }
        directory(parent(target));
        Path written = write(content);
        try {
            readOnly(written);
            Files.createLink(target, written);
            sync(parent(target));
            return true;
        } catch (FileAlreadyExistsException someoneElse) {
            return false;
        } finally {
            Files.deleteIfExists(written);
        }
    }

    void replace(Path target, Bytes content) throws IOException {
        directory(parent(target));
        Path written = write(content);
        try {
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
        sync(parent(target));
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
            Files.deleteIfExists(directory);
            directory = parent(directory);
        }
        sync(directory);
    }

    private Path write(Bytes content) throws IOException {
        Path file = temporary.resolve(UUID.randomUUID().toString());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer left = content.asReadOnlyBuffer();
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
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

    /** Makes a directory and those above it, each named durably in its parent. */
    private void directory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        if (!directory.equals(root)) {
            directory(parent(directory));
        }
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException someoneElse) {
            if (!Files.isDirectory(directory)) {
                throw someoneElse;
            }
        }
        sync(parent(directory));
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
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
