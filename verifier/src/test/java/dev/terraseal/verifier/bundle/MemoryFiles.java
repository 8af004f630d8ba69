package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** A bundle in memory that tests break. */
final class MemoryFiles implements BundleFiles {
    private BundleBytes files;

    MemoryFiles(BundleBytes files) {
        this.files = files;
    }

    static MemoryFiles read(Path directory) throws IOException {
        return new MemoryFiles(BundleBytes.read(directory));
    }

    MemoryFiles copy() {
        return new MemoryFiles(files);
    }

    byte[] get(String name) {
        return files.get(name).toByteArray();
    }

    MemoryFiles put(String name, byte[] content) {
        return put(name, Bytes.copyOf(content));
    }

    MemoryFiles put(String name, Bytes content) {
        files = files.with(name, content);
        return this;
    }

    MemoryFiles remove(String name) {
        files = files.without(name);
        return this;
    }

    /** Makes the list of files anew and seals it with the real export key, as a forger with that key would. */
    MemoryFiles reseal(LogFixture fixture) {
        files = files.sealedBy(fixture.exportKey());
        return this;
    }

    @Override
    public List<String> names() {
        return files.names();
    }

    @Override
    public List<String> oddities() {
        return List.of();
    }

    @Override
    public boolean has(String name) {
        return files.has(name);
    }

    @Override
    public long size(String name) {
        return files.get(name).length();
    }

    @Override
    public InputStream open(String name) throws IOException {
        if (!files.has(name)) {
            throw new MalformedException(name, "is missing");
        }
        return new ByteArrayInputStream(files.get(name).toByteArray());
    }

    @Override
    public void close() {}
}
