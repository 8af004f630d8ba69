package dev.terraseal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The public vectors of proofs, by the page's own two functions. */
class MerkleVectorsTest {
    private static final String ACCEPTS = "((vector) => { try {const bytes = (text) => fromBase64(text || '');const"
            + " proof = (vector.proof || []).map(bytes);if ('leafHash' in vector) {  return"
            + " sameBytes(rootByPath(bytes(vector.leafHash), vector.leafIdx, vector.treeSize, proof),"
            + " bytes(vector.root));}const roots = rootsByConsistency(vector.size1, vector.size2, bytes(vector.root1),"
            + " proof);return sameBytes(roots.old, bytes(vector.root1)) && sameBytes(roots.now, bytes(vector.root2));}"
            + " catch (refused) { return false; } })";

    @Test
    void everyVectorGetsItsAnswer(@TempDir Path scratch) throws IOException, InterruptedException {
        String named = System.getenv("TERRASEAL_VECTORS");
        Path directory = Path.of(named == null ? "" : named, "merkle");
        assumeTrue(named != null && Files.isDirectory(directory), "TERRASEAL_VECTORS names no directory with merkle/");
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(file -> file.toString().endsWith(".json")).toList();
        }
        Path page = Files.write(scratch.resolve("verify.html"), VerifyPage.bytes());
        List<String> wrong = new ArrayList<>();
        try (Chromium browser = Chromium.start();
                Tab tab = browser.open(page)) {
            for (Path file : files) {
                JsonNode vector = new ObjectMapper().readTree(file.toFile());
                ((ObjectNode) vector).remove("desc");
                boolean accepted = tab.evaluate(ACCEPTS + "(" + vector + ")").asBoolean();
                if (accepted == vector.get("wantErr").asBoolean()) {
                    wrong.add(directory.relativize(file).toString());
                }
            }
        }
        assertThat(files).isNotEmpty();
        assertThat(wrong).isEmpty();
    }
}
