package dev.terraseal.keys;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.log.LogDeclaration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file log.json: created once, whole or not at all, and never written again. */
public final class DeclarationFile {
    private static final int SIZE_MAX = 1024 * 1024;

    private final Path file;

    public DeclarationFile(Path file) {
        this.file = file;
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if it is not a declaration, with the place in it
     * @throws IOException if it is not there or cannot be read
     */
    public LogDeclaration read() throws IOException {
        if (Files.size(file) > SIZE_MAX) {
            throw new IllegalArgumentException(file + " is larger than " + SIZE_MAX + " bytes: it is no log.json");
        }
        return LogDeclaration.parse(Bytes.wrap(Files.readAllBytes(file)));
    }

    void requireAbsent() throws IOException, LogExistsException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new LogExistsException(file + " already declares a log" + whichOne()
                    + ". A log begins once: start the services on it, or name another directory for another log");
        }
    }

    private String whichOne() throws IOException {
        try {
            LogDeclaration found = read();
            return ", " + found.origin() + " with genesis " + found.genesis();
        } catch (IllegalArgumentException unreadable) {
            return " that cannot be read (" + unreadable.getMessage() + ")";
        }
    }

    /** Durable when this returns. A temporary file beside it is all that a crash can leave. */
    void create(Bytes content) throws IOException, LogExistsException {
        Path directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        Path temporary = Files.createTempFile(directory, ".log-", ".json");
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = content.asReadOnlyBuffer();
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            // A link never replaces: of two births at once, one fails here.
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException another) {
            throw new LogExistsException(file + " was created by another process while this one prepared a log;"
                    + " use that one, or name another directory");
        } finally {
            Files.deleteIfExists(temporary);
        }
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
