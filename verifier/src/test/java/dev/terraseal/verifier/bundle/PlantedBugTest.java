package dev.terraseal.verifier.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.verifier.verdict.Layer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Plants a bug in a copy of the verifier, compiles it and lets the catalogue look for it. A bug nobody finds means that
 * mutations are missing. Of every layer one check is left out, so that each is seen to turn the suite red when it is gone.
 */
class PlantedBugTest {
    /** What is wrong, where, and of which bundle the mutations that are this layer's to find have to show it. */
    private record Bug(String name, String file, String right, String wrong, String base, Layer layer) {}

    private static final List<Bug> BUGS = List.of(
            new Bug(
                    "a wrong bit of the index in an inclusion proof",
                    "core/src/main/java/dev/terraseal/core/merkle/InclusionProof.java",
                    "root = (node & 1) == 1",
                    "root = (node & 2) == 2",
                    "filter",
                    Layer.INCLUSION),
            new Bug(
                    "the last artifact is skipped",
                    "verifier/src/main/java/dev/terraseal/verifier/bundle/Artifacts.java",
                    "if (at == artifacts.size()) {",
                    "if (at >= artifacts.size() - 1) {",
                    "small",
                    Layer.CHAIN),
            new Bug(
                    "a key of any use may sign",
                    "core/src/main/java/dev/terraseal/core/log/KeyRing.java",
                    "span == null || span.key().use() != use || index",
                    "span == null || index",
                    "small",
                    Layer.SIGNATURES),
            new Bug(
                    "a key may sign after its time",
                    "core/src/main/java/dev/terraseal/core/log/KeyRing.java",
                    "|| index.value() >= span.end()) {",
                    ") {",
                    "whole",
                    Layer.SIGNATURES),
            new Bug(
                    "a batch covers every entry",
                    "verifier/src/main/java/dev/terraseal/verifier/entries/BatchCheck.java",
                    "!parsed.log().equals(log.origin())",
                    "false",
                    "whole",
                    Layer.SIGNATURES),
            new Bug(
                    "files that are not listed are welcome",
                    "verifier/src/main/java/dev/terraseal/verifier/bundle/FileHashLayer.java",
                    "fail(FindingName.STRANGER, name, \"Stranger: \" + name + \" is not in SHA256SUMS\");",
                    "hashed++;",
                    "small",
                    Layer.FILE_HASHES),
            new Bug(
                    "nobody counts how many entries a stream has",
                    "verifier/src/main/java/dev/terraseal/verifier/bundle/StreamEnd.java",
                    "if (!end.object(\"leaf\").equals(HeadsCheck.leaf(stream, head))) {",
                    "if (head.count() == 0) {",
                    "stream",
                    Layer.STREAM_HEADS),
            new Bug(
                    "local headers of a zip are not compared",
                    "verifier/src/main/java/dev/terraseal/verifier/files/ZipFiles.java",
                    "if (!Bytes.wrap(found).equals(expected)) {",
                    "if (found.length == 0) {",
                    "small",
                    Layer.SEAL),
            new Bug(
                    "any log is the one that was asked for",
                    "verifier/src/main/java/dev/terraseal/verifier/trust/Conclusion.java",
                    "if (!trust.genesis().equals(log.genesis())) {",
                    "if (trust.genesis() == null) {",
                    "small",
                    Layer.DECLARATION),
            new Bug(
                    "an entry need not follow the one before",
                    "verifier/src/main/java/dev/terraseal/verifier/entries/ChainCheck.java",
                    "if (before != null && !link.prevHash().equals(before)) {",
                    "if (before != null && link == null) {",
                    "small",
                    Layer.CHAIN),
            new Bug(
                    "nobody checks who signed the head",
                    "verifier/src/main/java/dev/terraseal/verifier/bundle/CheckpointLayer.java",
                    "Checkpoint checkpoint = Checkpoint.open(note, key, checker);",
                    "Checkpoint checkpoint = stated;",
                    "small",
                    Layer.CHECKPOINT),
            new Bug(
                    "a key event that key-events/ hides is none",
                    "verifier/src/main/java/dev/terraseal/verifier/bundle/KeyEventsBeside.java",
                    "if (shown == null || !shown.entryHash().equals(entry.entryHash())) {",
                    "if (entry == null) {",
                    "rotated",
                    Layer.KEY_EVENTS),
            new Bug(
                    "nobody counts the types again",
                    "verifier/src/main/java/dev/terraseal/verifier/bundle/DerivedFiles.java",
                    "compare(\"countByType\", text(manifest.countByType()), text(counts.byType()));",
                    "",
                    "small",
                    Layer.DERIVED),
            new Bug(
                    "a token is of any second",
                    "verifier/src/main/java/dev/terraseal/verifier/time/TokenJudge.java",
                    "if (!StampName.second(opened.time()).equals(second)) {",
                    "if (second.isEmpty()) {",
                    "stamped",
                    Layer.TIME),
            new Bug(
                    "no quorum is needed",
                    "verifier/src/main/java/dev/terraseal/verifier/trust/WitnessLayer.java",
                    "if (seen == null && asked) {",
                    "if (seen == null && note == null) {",
                    "cosigned",
                    Layer.WITNESSES),
            new Bug(
                    "a head may be smaller than asked for",
                    "verifier/src/main/java/dev/terraseal/verifier/trust/RequestLayer.java",
                    "if (head.size() >= wanted) {",
                    "if (head.size() >= 0) {",
                    "small",
                    Layer.REQUESTS));

    @Test
    void everyPlantedBugIsFound() throws Exception {
        assertThat(disagreements(null, "small", ""))
                .as("a verifier without a bug")
                .isEmpty();
        for (Bug bug : BUGS) {
            assertThat(disagreements(bug, bug.base(), bug.layer().code()))
                    .as(
                            "%s: mutations of '%s' for the layer %s that are answered wrongly",
                            bug.name(), bug.base(), bug.layer().code())
                    .isNotEmpty();
        }
    }

    @Test
    void everyLayerOfABundleHasABug() {
        // State continuity refuses nothing, and a bundle has no store to look at.
        assertThat(BUGS)
                .extracting(Bug::layer)
                .hasSameElementsAs(EnumSet.complementOf(EnumSet.of(Layer.CONTINUITY, Layer.VERSIONS, Layer.LOCKS)));
    }

    private static List<?> disagreements(@Nullable Bug bug, String base, String layer) throws Exception {
        Map<String, byte[]> broken = Map.of();
        if (bug != null) {
            Path source = Path.of("..").resolve(bug.file());
            String text = Files.readString(source);
            assertThat(text)
                    .as("%s: what is to be broken is in %s", bug.name(), source)
                    .contains(bug.right());
            broken = compile(source, text.replace(bug.right(), bug.wrong()));
        }
        Class<?> run = new Loader(broken).loadClass("dev.terraseal.verifier.bundle.PlantedRun");
        return (List<?>)
                run.getMethod("disagreements", String.class, String.class).invoke(null, base, layer);
    }

    private static Map<String, byte[]> compile(Path source, String text) throws IOException {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "tests need a JDK");
        Map<String, ByteArrayOutputStream> written = new HashMap<>();
        JavaFileObject unit =
                new SimpleJavaFileObject(URI.create("string:///" + source.getFileName()), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreErrors) {
                        return text;
                    }
                };
        try (JavaFileManager files =
                new ForwardingJavaFileManager<>(compiler.getStandardFileManager(null, null, null)) {
                    @Override
                    public JavaFileObject getJavaFileForOutput(
                            Location where, String name, JavaFileObject.Kind kind, javax.tools.FileObject sibling) {
                        return new SimpleJavaFileObject(URI.create("mem:///" + name + ".class"), kind) {
                            @Override
                            public OutputStream openOutputStream() {
                                ByteArrayOutputStream out = new ByteArrayOutputStream();
                                written.put(name, out);
                                return out;
                            }
                        };
                    }
                }) {
            List<String> options = List.of("-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"));
            assertThat(compiler.getTask(null, files, null, options, null, List.of(unit))
                            .call())
                    .as("%s compiles with its bug", source)
                    .isTrue();
        }
        Map<String, byte[]> classes = new HashMap<>();
        written.forEach((name, out) -> classes.put(name, out.toByteArray()));
        return classes;
    }

    /** Loads everything of ours anew, and broken classes instead of whole ones. */
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> broken;

        Loader(Map<String, byte[]> broken) {
            super(PlantedBugTest.class.getClassLoader());
            this.broken = broken;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("dev.terraseal.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                if (known != null) {
                    return known;
                }
                byte[] bytes = broken.containsKey(name) ? broken.get(name) : bytes(name);
                return defineClass(name, bytes, 0, bytes.length);
            }
        }

        private byte[] bytes(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                return in.readAllBytes();
            } catch (IOException unreadable) {
                throw new ClassNotFoundException(name, unreadable);
            }
        }
    }
}
