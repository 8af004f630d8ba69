package dev.terraseal.export;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gives a finished bundle its name: once every byte of it is on the disk, and never the name of something else. */
final class Publication {
    private Publication() {}

    static void requireFree(Path out) throws ExportException {
        if (Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
            throw taken(out, null);
        }
    }

    /** @param packed on the disk already; it may still be there afterwards */
    static void file(Path packed, Path out) throws IOException, ExportException {
        try {
            link(packed, out);
        } catch (FileAlreadyExistsException since) {
            throw taken(out, since);
        }
        sync(out.resolveSibling("."));
    }

    /** A rename would replace what came there since somebody looked; a link does not. */
    private static void link(Path packed, Path out) throws IOException {
        try {
            Files.createLink(out, packed);
        } catch (FileAlreadyExistsException since) {
            throw since;
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            // A memory stick, or a share: this looks first, and then renames.
            Files.move(packed, out);
        }
    }

    static void directory(Path written, Path out) throws IOException, ExportException {
        List<Path> all;
        try (Stream<Path> walked = Files.walk(written)) {
            all = walked.toList();
        }
        for (Path each : all) {
            if (Files.isDirectory(each)) {
                sync(each);
            } else {
                sync(each, StandardOpenOption.WRITE);
            }
        }
        requireFree(out);
        Files.move(written, out, StandardCopyOption.ATOMIC_MOVE);
        sync(out.resolveSibling("."));
    }

    private static void sync(Path directory) throws IOException {
        sync(directory, StandardOpenOption.READ);
    }

    private static void sync(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    private static ExportException taken(Path out, @Nullable Throwable cause) {
        String message = out + " exists and is not overwritten; choose another --out";
        return cause == null ? ExportException.asked(message) : ExportException.asked(message, cause);
    }
}
