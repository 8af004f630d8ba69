package dev.terraseal.verifier.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.mutation.Asked;
import dev.terraseal.testkit.mutation.Expected;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.testkit.mutation.VectorPack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published vectors hold, and are what their command writes. */
class VectorsTest {
    private static final Path VECTORS = Path.of("../vectors");

    @TempDir
    private Path scratch;

    private static TreeMap<String, Bytes> published() throws IOException {
        TreeMap<String, Bytes> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(VECTORS)) {
            for (Path file :
                    all.filter(path -> path.toString().endsWith(".json")).toList()) {
                files.put(file.getFileName().toString(), Bytes.wrap(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    private static @Nullable Bytes file(Json.Obj options, String name) {
        return options.has(name) ? options.base64(name) : null;
    }

    @Test
    void theyAreWhatTheirCommandWrites() throws IOException {
        Map<String, Bytes> written = VectorPack.files();
        assertThat(published().keySet()).as("run build/vectors.sh").isEqualTo(written.keySet());
        assertThat(published()).as("run build/vectors.sh").isEqualTo(written);
    }

    @Test
    void eachGetsItsAnswerFromItsJsonAlone() throws IOException {
        CatalogueJudge judge = new CatalogueJudge(new RememberingChecker(), Set.of(), scratch);
        for (Bytes vector : published().values()) {
            Json.Obj json = CanonicalJson.parseObject(vector);
            Json.Obj options = json.object("options");
            Json.Obj expected = json.object("expected");
            Asked asked = new Asked(
                    Digest.fromHex(options.string("genesis")),
                    file(options, "trust"),
                    options.has("atLeast") ? Long.valueOf(options.number("atLeast")) : null,
                    file(options, "fromCheckpoint"),
                    options.has("coversUntil") ? Timestamp.parse(options.string("coversUntil")) : null);
            Mutation mutation = new Mutation(
                    json.string("name"),
                    "vector",
                    true,
                    new Mutation.Zip(json.base64("bundle")),
                    asked,
                    expected.number("code") == 0
                            ? Expected.unproven(expected.string("notProven"))
                            : Expected.refused(
                                    expected.string("layer"),
                                    expected.array("findings").strings().toArray(new String[0])));
            assertThat(judge.problem(mutation)).isEmpty();
        }
        assertThat(published()).hasSizeGreaterThan(40);
    }

    @Test
    void theyStaySmall() throws IOException {
        long size = 0;
        for (Bytes vector : published().values()) {
            size += vector.length();
        }
        assertThat(size).isLessThan(6 << 20);
    }
}
