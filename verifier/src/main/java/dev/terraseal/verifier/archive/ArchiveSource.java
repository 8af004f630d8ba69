package dev.terraseal.verifier.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Where an archive is. It may grow between two listings. */
public interface ArchiveSource {
    /** What is there now, at least of the names that begin with {@code prefix}. */
    ArchiveListing list(String prefix) throws IOException;

    /**
     * Whether others than the archiver may put objects there without changing any: then what is no part of the archive is
     * named and does not count. In a directory, where nothing tells who wrote a file, it is a failure.
     */
    boolean isShared();

    /** What keeps objects from being changed, for verdicts: {@code none} for a directory. */
    String immutability();

    static ArchiveSource directory(Path root) {
        return new ArchiveSource() {
            @Override
            public ArchiveListing list(String prefix) throws IOException {
                return new DirectoryListing(
                        root, name -> Files.isRegularFile(root.resolve(name), LinkOption.NOFOLLOW_LINKS));
            }

            @Override
            public boolean isShared() {
                return false;
            }

            @Override
            public String immutability() {
                return "none";
            }
        };
    }
}
