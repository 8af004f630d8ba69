package dev.terraseal.verifier;

import dev.terraseal.verifier.files.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a path holds, told from what is in it and never from its name. */
enum PathKind {
    BUNDLE_DIRECTORY,
    BUNDLE_ZIP,
    RECEIPT,
    ARCHIVE;

    /** @throws MalformedException if it is none of these, or two at once */
    static PathKind of(Path path) throws IOException {
        return Files.isDirectory(path) ? ofDirectory(path) : ofFile(path);
    }

    private static PathKind ofDirectory(Path path) throws IOException {
        boolean bundle = Files.exists(path.resolve("SHA256SUMS"))
                || Files.exists(path.resolve("manifest.json"))
                || holdsSomething(path.resolve("artifacts"));
        // A log that was just born has a checkpoint of size 0 and no segment.
        boolean archive = holdsSomething(path.resolve("segments"))
                || Files.exists(path.resolve("log.json")) && holdsSomething(path.resolve("checkpoints"));
        if (bundle == archive) {
            throw new MalformedException(
                    path.toString(),
                    bundle
                            ? "is a bundle and an archive at once, so it is neither"
                            : "is neither a bundle (SHA256SUMS, manifest.json, artifacts/) nor an archive (segments/,"
                                    + " or log.json and checkpoints/)");
        }
        return bundle ? BUNDLE_DIRECTORY : ARCHIVE;
    }

    /** Files are what is judged; a directory without any is nothing, and in a zip or a browser there is none. */
    private static boolean holdsSomething(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return Files.exists(directory);
        }
        try (Stream<Path> below = Files.walk(directory)) {
            return below.anyMatch(each -> !Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS));
        } catch (UncheckedIOException unreadable) {
            throw new IOException(unreadable.getCause());
        }
    }

    private static PathKind ofFile(Path path) throws IOException {
        byte[] begin = new byte[2];
        int read;
        try (InputStream in = Files.newInputStream(path)) {
            read = in.readNBytes(begin, 0, 2);
        }
        if (read == 2 && begin[0] == 'P' && begin[1] == 'K') {
            return BUNDLE_ZIP;
        }
        if (read > 0 && begin[0] == '{') {
            return RECEIPT;
        }
        throw new MalformedException(path.toString(), "is neither a bundle in a zip nor a receipt");
    }
}
