package dev.terraseal.testkit.archive;

import dev.terraseal.core.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The objects of an archive at one moment, by name. */
public final class ArchiveView {
    private final java.util.NavigableMap<String, Bytes> objects;

    private ArchiveView(java.util.NavigableMap<String, Bytes> objects) {
        this.objects = objects;
    }

    public static ArchiveView of(java.util.Map<String, Bytes> objects) {
        return new ArchiveView(new TreeMap<>(objects));
    }

    /** All files below {@code root} but hidden ones. */
    public static ArchiveView ofDirectory(Path root) throws IOException {
        TreeMap<String, Bytes> objects = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(file).toString();
                if (!name.startsWith(".")) {
                    objects.put(name, Bytes.wrap(Files.readAllBytes(file)));
                }
            }
        }
        return new ArchiveView(objects);
    }

    /** Names below a prefix, in order. */
    public Set<String> names(String prefix) {
        return objects.subMap(prefix, prefix + "\uffff").keySet();
    }

    public @Nullable Bytes find(String name) {
        return objects.get(name);
    }

    Bytes get(String name) {
        Bytes content = objects.get(name);
        if (content == null) {
            throw new IllegalStateException("the archive has no " + name);
        }
        return content;
    }
}
