package dev.terraseal.verifier;

import dev.terraseal.verifier.files.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

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

    private static PathKind ofDirectory(Path path) throws MalformedException {
        boolean bundle = Files.exists(path.resolve("SHA256SUMS"))
                || Files.exists(path.resolve("manifest.json"))
                || Files.exists(path.resolve("artifacts"));
        // A log that was just born has a checkpoint of size 0 and no segment.
        boolean archive = Files.exists(path.resolve("segments"))
                || Files.exists(path.resolve("log.json")) && Files.exists(path.resolve("checkpoints"));
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
