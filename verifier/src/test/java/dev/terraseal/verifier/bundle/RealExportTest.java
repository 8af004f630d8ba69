package dev.terraseal.verifier.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.verdict.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checked-in bundle, which the real exporter wrote of a real apply, broken file by file. */
class RealExportTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261129L);
    private static final Path EXAMPLES =
            Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."), "examples");
    /** The packer's own words; of manifest.json only the counts are derived again, which the catalogue has mutations for. */
    private static final String NO_EVIDENCE =
            "SHA256SUMS(\\.sig)?|export_key\\.pem|manifest\\.json|README\\.txt|report\\.html|verify\\.html|docs/.*";

    private static final String DATA = "<script type=\"application/json\" id=\"data\">";

    private final Random random = new Random(SEED);
    private MemoryFiles whole;
    private Digest genesis;

    @BeforeEach
    void read() throws IOException {
        whole = MemoryFiles.read(EXAMPLES.resolve("demo"));
        genesis = Digest.fromHex(
                Files.readString(EXAMPLES.resolve("demo.genesis")).strip());
        assertThat(verify(whole).code()).isZero();
    }

    private Verdict verify(MemoryFiles files) throws IOException {
        return new BundleVerification(files, Question.under(Trust.byGenesis(genesis)), new RememberingChecker(), 0)
                .run();
    }

    private List<byte[]> broken(byte[] content) {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int at = i == 0 ? 0 : i == 1 ? content.length - 1 : random.nextInt(content.length);
            byte[] flipped = content.clone();
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            all.add(flipped);
        }
        all.add(Arrays.copyOf(content, content.length - 1));
        all.add(Arrays.copyOf(content, content.length + 1));
        return all;
    }

    @Test
    void noFileCanBeChangedOrTakenOut() throws IOException {
        for (String name : whole.names()) {
            for (byte[] content : broken(whole.get(name))) {
                assertThat(verify(whole.copy().put(name, content)).code())
                        .as("%s, seed %d", name, SEED)
                        .isEqualTo(4);
            }
            assertThat(verify(whole.copy().remove(name)).code())
                    .as("%s taken out", name)
                    .isEqualTo(4);
        }
    }

    /** A stranger may pack the files again and seal them: the seal says nothing about the log, and what it says still holds. */
    @Test
    void whoeverSealsItAgainChangesNothingThatIsEvidence() throws IOException {
        LogFixture stranger = LogFixture.small();
        Bytes key = Bytes.utf8(stranger.exportKey().key().pem());
        assertThat(verify(whole.copy().put("export_key.pem", key).reseal(stranger))
                        .code())
                .isZero();
        for (String name : whole.names()) {
            boolean evidence = !name.matches(NO_EVIDENCE);
            for (byte[] content : evidence ? broken(whole.get(name)) : List.<byte[]>of()) {
                MemoryFiles packed = whole.copy().put(name, content).put("export_key.pem", key);
                assertThat(verify(packed.reseal(stranger)).code())
                        .as("%s, seed %d", name, SEED)
                        .isEqualTo(4);
            }
        }
    }

    @Test
    void theDataOfTheReportIsWhatTheArtifactsGiveWhoeverSealedIt() throws IOException {
        LogFixture stranger = LogFixture.small();
        Bytes key = Bytes.utf8(stranger.exportKey().key().pem());
        String report = new String(whole.get("report.html"), StandardCharsets.UTF_8);
        int from = report.indexOf(DATA) + DATA.length();
        int to = report.indexOf("</script>", from);
        assertThat(from).isGreaterThan(DATA.length());
        for (int i = 0; i < 50; i++) {
            int at = from + random.nextInt(to - from);
            if (!Character.isLetterOrDigit(report.charAt(at))) {
                continue;
            }
            char other = report.charAt(at) == '7' ? '8' : '7';
            String changed = report.substring(0, at) + other + report.substring(at + 1);
            MemoryFiles packed = whole.copy()
                    .put("report.html", Bytes.utf8(changed))
                    .put("export_key.pem", key)
                    .reseal(stranger);
            assertThat(verify(packed).code()).as("at %d, seed %d", at, SEED).isEqualTo(4);
        }
    }
}
