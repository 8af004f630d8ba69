package dev.terraseal.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import dev.terraseal.testkit.tools.PublishedVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        List<Path> files = new ArrayList<>(PublishedVectors.of("inclusion"));
        files.addAll(PublishedVectors.of("consistency"));
        Path page = Files.write(scratch.resolve("verify.html"), VerifyPage.bytes());
        List<String> wrong = new ArrayList<>();
        try (Chromium browser = Chromium.start();
                Tab tab = browser.open(page)) {
            for (Path file : files) {
                JsonNode vector = new ObjectMapper().readTree(file.toFile());
                ((ObjectNode) vector).remove("desc");
                boolean accepted = tab.evaluate(ACCEPTS + "(" + vector + ")").asBoolean();
                if (accepted == vector.get("wantErr").asBoolean()) {
                    wrong.add(file.toString());
                }
            }
        }
        assertThat(files).hasSize(2 * PublishedVectors.OF_A_KIND);
        assertThat(wrong).isEmpty();
    }
}
