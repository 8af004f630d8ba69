package dev.terraseal.verifier.report;

import dev.terraseal.core.bytes.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * What was verified, told so that somebody else can tell whether they hold the same.
 *
 * @param of what {@code sha256} is the digest of: the file itself, or SHA256SUMS of a directory, which has that of every
 *     other file; empty for a directory without one
 */
public record Subject(String path, String of, @Nullable Digest sha256) {
    private static final String SUMS = "SHA256SUMS";

    public static Subject of(Path path) throws IOException {
        if (Files.isRegularFile(path)) {
            return new Subject(path.toString(), "the file", digest(path));
        }
        Path sums = path.resolve(SUMS);
        return Files.isRegularFile(sums)
                ? new Subject(path.toString(), SUMS, digest(sums))
                : new Subject(path.toString(), "", null);
    }

    private static Digest digest(Path file) throws IOException {
        MessageDigest sha256 = Digest.sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sha256.update(buffer, 0, count);
            }
        }
        return Digest.finish(sha256);
    }
}
