package dev.terraseal.store.directory;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.store.ArchiveNames;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The names in an archive directory. Hidden files, and names no object can have, are no part of the archive. */
final class Listing {
    private final Path root;

    Listing(Path root) {
        this.root = root;
    }

    List<String> names(String prefix, String after, int limit) throws IOException {
        Path from = directory(prefix);
        TreeSet<String> names = new TreeSet<>();
        if (!Files.isDirectory(from)) {
            return List.of();
        }
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                boolean hidden = !directory.equals(from)
                        && directory.getFileName().toString().startsWith(".");
                return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = name(file);
                boolean hidden = file.getFileName().toString().startsWith(".");
                if (name.compareTo(after) > 0 && !hidden && ArchiveNames.isName(name)) {
                    names.add(name);
                    if (names.size() > limit) {
                        names.pollLast();
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
                if (failed instanceof NoSuchFileException) {
                    // A partial tile may go while we look.
                    return FileVisitResult.CONTINUE;
                }
                throw failed;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed) throws IOException {
                if (failed != null) {
                    throw failed;
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return new ArrayList<>(names);
    }

    Optional<String> newestNumbered(String prefix, String suffix, SequenceNumber bound) throws IOException {
        Path from = directory(prefix);
        if (!Files.isDirectory(from)) {
            return Optional.empty();
        }
        Optional<String> newest = Optional.empty();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
            for (Path file : files) {
                String name = prefix + file.getFileName();
                Optional<SequenceNumber> number = ArchiveNames.number(prefix, name, suffix);
                if (number.isPresent()
                        && number.get().compareTo(bound) <= 0
                        && (newest.isEmpty() || newest.get().compareTo(name) < 0)) {
                    newest = Optional.of(name);
                }
            }
        } catch (DirectoryIteratorException cause) {
            throw cause.getCause();
        }
        return newest;
    }

    private String name(Path file) {
        String name = root.relativize(file).toString();
        return file.getFileSystem().getSeparator().equals("/")
                ? name
                : name.replace(file.getFileSystem().getSeparator(), "/");
    }

    private Path directory(String prefix) {
        if (prefix.isEmpty()) {
            return root;
        }
        if (!prefix.endsWith("/")) {
            throw new IllegalArgumentException("a prefix ends in '/': " + prefix);
        }
        return root.resolve(ArchiveNames.requireName(prefix.substring(0, prefix.length() - 1)));
    }
}
