package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SigningException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The files of a bundle in memory, by name in byte order. Immutable: every change is a copy that shares the rest. */
public final class BundleBytes {
    private final TreeMap<String, Bytes> files;

    private BundleBytes(TreeMap<String, Bytes> files) {
        this.files = files;
    }

    public static BundleBytes of(Map<String, Bytes> files) {
        return new BundleBytes(new TreeMap<>(files));
    }

    /** The files below a directory. */
    public static BundleBytes read(Path directory) throws IOException {
        TreeMap<String, Bytes> files = new TreeMap<>();
        List<Path> found;
        try (Stream<Path> all = Files.walk(directory)) {
            found = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : found) {
            String name = directory.relativize(file).toString().replace('\\', '/');
            files.put(name, Bytes.wrap(Files.readAllBytes(file)));
        }
        return new BundleBytes(files);
    }

    public Map<String, Bytes> files() {
        return Collections.unmodifiableMap(files);
    }

    public List<String> names() {
        return new ArrayList<>(files.keySet());
    }

    /** The names that begin with {@code prefix}. */
    public List<String> names(String prefix) {
        return files.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    public boolean has(String name) {
        return files.containsKey(name);
    }

    public Bytes get(String name) {
        Bytes content = files.get(name);
        if (content == null) {
            throw new IllegalArgumentException("this bundle has no " + name);
        }
        return content;
    }

    public String text(String name) {
        return get(name).utf8();
    }

    /** The lines of a file whose every line ends in 0x0A, without those ends. */
    public List<String> lines(String name) {
        return text(name).lines().toList();
    }

    public BundleBytes with(String name, Bytes content) {
        TreeMap<String, Bytes> changed = new TreeMap<>(files);
        changed.put(name, content);
        return new BundleBytes(changed);
    }

    public BundleBytes with(String name, String content) {
        return with(name, Bytes.utf8(content));
    }

    public BundleBytes withLines(String name, List<String> lines) {
        return with(name, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
    }

    public BundleBytes without(String name) {
        TreeMap<String, Bytes> changed = new TreeMap<>(files);
        changed.remove(name);
        return new BundleBytes(changed);
    }

    /** SHA256SUMS made anew over whatever is here, and signed by {@code exporter}. */
    public BundleBytes sealedBy(MessageSigner exporter) {
        return sealedWith(sums -> sign(exporter, sums));
    }

    /** The same by whatever makes a signature. */
    public BundleBytes sealedWith(UnaryOperator<Bytes> exporter) {
        StringBuilder sums = new StringBuilder();
        files.forEach((name, content) -> {
            if (!name.equals("SHA256SUMS") && !name.equals("SHA256SUMS.sig")) {
                sums.append(Digest.of(content).hex()).append("  ").append(name).append('\n');
            }
        });
        Bytes bytes = Bytes.wrap(sums.toString().getBytes(StandardCharsets.UTF_8));
        return with("SHA256SUMS", bytes).with("SHA256SUMS.sig", exporter.apply(bytes));
    }

    private static Bytes sign(MessageSigner exporter, Bytes sums) {
        try {
            return exporter.sign(sums);
        } catch (SigningException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Writes every file below a directory. */
    public void write(Path directory) throws IOException {
        for (Map.Entry<String, Bytes> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue().toByteArray());
        }
    }
}
