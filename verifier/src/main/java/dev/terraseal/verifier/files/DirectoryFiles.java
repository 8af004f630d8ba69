package dev.terraseal.verifier.files;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The files below one directory. Links are never followed: they are oddities. */
public final class DirectoryFiles implements BundleFiles {
    private final Path root;
    private final List<String> names = new ArrayList<>();
    private final List<String> oddities = new ArrayList<>();

    private DirectoryFiles(Path root) {
        this.root = root;
    }

    public static DirectoryFiles of(Path root) throws IOException {
        DirectoryFiles files = new DirectoryFiles(root);
        Files.walkFileTree(root, files.new Lister());
        Collections.sort(files.names);
        Collections.sort(files.oddities);
        return files;
    }

    @Override
    public List<String> names() {
        return Collections.unmodifiableList(names);
    }

    @Override
    public List<String> oddities() {
        return Collections.unmodifiableList(oddities);
    }

    @Override
    public boolean has(String name) {
        return Collections.binarySearch(names, name) >= 0;
    }

    @Override
    public long size(String name) throws IOException {
        return Files.size(root.resolve(name));
    }

    @Override
    public InputStream open(String name) throws IOException {
        return new BufferedInputStream(Files.newInputStream(root.resolve(name), LinkOption.NOFOLLOW_LINKS), 1 << 16);
    }

    @Override
    public void close() {}

    private final class Lister extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = root.relativize(file).toString().replace(java.io.File.separatorChar, '/');
            boolean plain = attributes.isRegularFile() && MemberNames.isPlain(name);
            (plain ? names : oddities).add(name);
            return FileVisitResult.CONTINUE;
        }
    }
}
