package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.Lines;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.files.MemberNames;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The lines of SHA256SUMS in the form sha256sum writes, ascending by name. */
final class Sums implements Closeable {
    private final Lines lines;
    private String before = "";

    /** One line: the digest a file must have. */
    record Line(Digest digest, String name) {}

    Sums(BundleFiles files) throws IOException {
        this.lines = new Lines(files.open(BundleNames.SUMS), BundleNames.SUMS, 1024);
    }

    @Nullable Line next() throws IOException {
        Bytes raw = lines.next();
        if (raw == null) {
            return null;
        }
        try {
            String line = raw.utf8();
            if (line.length() < 67 || !line.startsWith("  ", 64)) {
                throw malformed("is not 64 hex digits, two spaces and a name");
            }
            String name = line.substring(66);
            if (!MemberNames.isPlain(name)) {
                throw malformed("names a file no bundle has");
            }
            if (name.compareTo(before) <= 0) {
                throw malformed("is not in the order of names");
            }
            if (name.equals(BundleNames.SUMS) || name.equals(BundleNames.SEAL)) {
                throw malformed("lists " + name + ", which cannot be listed");
            }
            before = name;
            return new Line(Digest.fromHex(line.substring(0, 64)), name);
        } catch (IllegalArgumentException notHex) {
            throw malformed("cannot be read: " + notHex.getMessage());
        }
    }

    private MalformedException malformed(String what) {
        return new MalformedException(BundleNames.SUMS, "line " + lines.number() + " " + what);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
