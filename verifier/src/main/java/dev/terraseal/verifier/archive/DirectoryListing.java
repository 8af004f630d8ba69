package dev.terraseal.verifier.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.verifier.files.DirectoryFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** The files of a directory: each name has one version. */
final class DirectoryListing implements ArchiveListing {
    private final DirectoryFiles files;
    private final Predicate<String> exists;

    DirectoryListing(Path root, Predicate<String> exists) throws IOException {
        this.files = DirectoryFiles.of(root);
        this.exists = exists;
    }

    @Override
    public List<String> names() {
        return files.names();
    }

    @Override
    public List<String> oddities() {
        return files.oddities();
    }

    @Override
    public boolean has(String name) {
        // What was added since belongs to entries that were added since.
        return files.has(name) || exists.test(name);
    }

    @Override
    public long size(String name) throws IOException {
        return files.size(name);
    }

    @Override
    public InputStream open(String name) throws IOException {
        return files.open(name);
    }

    @Override
    public int versions(String name) {
        return 1;
    }

    @Override
    public Bytes version(String name, int index) throws IOException {
        return files.read(name, Integer.MAX_VALUE);
    }

    @Override
    public void count(String name, int index) {
        if (index != 0) {
            throw new IllegalArgumentException("a file has one version, and " + name + " none numbered " + index);
        }
    }

    @Override
    public void close() {
        files.close();
    }
}
