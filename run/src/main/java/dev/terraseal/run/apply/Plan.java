package dev.terraseal.run.apply;

import dev.terraseal.core.bytes.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;

/**
 * A saved plan in a private place, read-only, with the digest it had when it came there.
 *
 * @param changes whether it would change anything; terraform asks only then
 */
record Plan(Path file, Digest sha256, boolean changes) {

    /** Makes {@code file}, which lies in a directory of this user alone, read-only and takes its digest. */
    static Plan seal(Path file, boolean changes) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        }
        return new Plan(file, digest(file), changes);
    }

    /** Whether the file still has the digest that was approved. */
    boolean isUnchanged() throws IOException {
        return Files.exists(file) && digest(file).equals(sha256);
    }

    private static Digest digest(Path file) throws IOException {
        MessageDigest sha256 = Digest.sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            int count = in.read(buffer);
            while (count >= 0) {
                sha256.update(buffer, 0, count);
                count = in.read(buffer);
            }
        }
        return Digest.finish(sha256);
    }
}
