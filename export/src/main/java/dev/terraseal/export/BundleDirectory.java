package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.TreeMap;

/** Files of a bundle in the making, each hashed while it is written. */
final class BundleDirectory {
    private final Path root;
    private final TreeMap<String, Digest> sums = new TreeMap<>();

    BundleDirectory(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    boolean has(String name) {
        return sums.containsKey(name);
    }

    /** The digest of a file that is closed. */
    Digest digest(String name) {
        Digest digest = sums.get(name);
        if (digest == null) {
            throw new IllegalStateException(name + " is not written yet");
        }
        return digest;
    }

    void put(String name, Bytes content) throws IOException {
        try (OutputStream out = open(name)) {
            content.writeTo(out);
        }
    }

    void put(String name, String content) throws IOException {
        put(name, Bytes.utf8(content));
    }

    /** A file that is written piece by piece; it counts once it is closed. */
    OutputStream open(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        OutputStream out =
                new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16);
        return new Hashed(name, out);
    }

    /** The content of SHA256SUMS: every file closed so far, in byte order of the names. */
    Bytes sums() {
        StringBuilder lines = new StringBuilder();
        sums.forEach((name, digest) ->
                lines.append(digest.hex()).append("  ").append(name).append('\n'));
        return Bytes.wrap(lines.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** A file that is not in SHA256SUMS. */
    void putUnlisted(String name, Bytes content) throws IOException {
        Files.write(root.resolve(name), content.toByteArray(), StandardOpenOption.CREATE_NEW);
    }

    private final class Hashed extends FilterOutputStream {
        private final String name;
        private final MessageDigest sha256 = Digest.sha256();
        private boolean closed;

        Hashed(String name, OutputStream out) {
            super(out);
            this.name = name;
        }

        @Override
        public void write(int value) throws IOException {
            sha256.update((byte) value);
            out.write(value);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            sha256.update(bytes, from, length);
            out.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
            super.close();
            if (!closed) {
                closed = true;
                sums.put(name, Digest.finish(sha256));
            }
        }
    }
}
