package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.verifier.entries.InOrder;
import dev.terraseal.verifier.entries.Workers;
import dev.terraseal.verifier.files.BundleFiles;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a bundle hash to, one after another in the order given, and hashed ahead on every processor: a shard
 * takes as long as a thousand small files.
 */
final class FileDigests {
    private static final int BUFFER = 1 << 16;

    /** The JVM hashes many blocks in one step only where the caller is compiled, and that takes some thousand calls. */
    private static final int PIECE = 1 << 12;

    private final BundleFiles files;
    private final Iterator<String> names;
    private final InOrder<Sized, Hashed> digests;

    private record Sized(String name, long bytes) {}

    /** One of both: the digest, or why there is none. */
    private record Hashed(@Nullable Digest digest, @Nullable IOException broken) {}

    FileDigests(BundleFiles files, List<String> names, Workers workers) {
        this.files = files;
        this.names = names.iterator();
        this.digests = new InOrder<>(workers, this::read, Sized::bytes, file -> hash(files, file.name()));
    }

    private @Nullable Sized read() throws IOException {
        if (!names.hasNext()) {
            return null;
        }
        String name = names.next();
        return new Sized(name, files.size(name));
    }

    /** Has large files hashed while the caller does something else; what goes wrong is told by {@link #next}. */
    void begin() {
        digests.begin();
    }

    /** The digest of the next file, or null after the last; what went wrong with a file is thrown when its turn comes. */
    @Nullable Digest next() throws IOException {
        Hashed next = digests.next();
        if (next != null && next.broken() != null) {
            throw next.broken();
        }
        return next == null ? null : next.digest();
    }

    private static Hashed hash(BundleFiles files, String name) {
        try {
            return new Hashed(of(files, name), null);
        } catch (IOException broken) {
            return new Hashed(null, broken);
        }
    }

    /** The digest of one file, at once. */
    static Digest of(BundleFiles files, String name) throws IOException {
        MessageDigest sha256 = Digest.sha256();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = files.open(name)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                for (int at = 0; at < count; at += PIECE) {
                    sha256.update(buffer, at, Math.min(PIECE, count - at));
                }
            }
        }
        return Digest.finish(sha256);
    }
}
