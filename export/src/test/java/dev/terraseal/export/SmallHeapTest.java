package dev.terraseal.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.TestKey;
import dev.terraseal.verifier.VerifyMain;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory does not grow with a bundle: 100,000 entries go out, and are verified, in a heap that could not hold them. */
class SmallHeapTest {
    private static final int ENTRIES = 100_000;
    private static final String HEAP = "-Xmx48m";

    @TempDir
    private Path temp;

    @Test
    void aHundredThousandEntriesAreExportedAndVerifiedInFortyEightMegabytes() throws Exception {
        LogFixture large = new LogFixture("terraseal.local/large");
        for (int left = ENTRIES - 1; left > 0; left -= 50_000) {
            large.batch("acme/infra/prod", Math.min(left, 50_000));
        }
        FixtureArchive.write(large.heads(), temp.resolve("archive"), 5_000);
        String genesis = large.log().genesis().hex();
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Small.class.getName(),
                        temp.toString(),
                        genesis)
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(child.waitFor()).as(said).isZero();
        assertThat(said).isEqualTo("100000 entries, verdict 0\n100000 entries, verdict 0\n");
    }

    /** The child, in its small heap. */
    static final class Small {
        private Small() {}

        public static void main(String[] args) throws Exception {
            Path temp = Path.of(args[0]);
            Question question = Question.under(Trust.byGenesis(Digest.fromHex(args[1])));
            List<Selection> selections =
                    List.of(new Selection.All(), new Selection.Stream(new StreamId("acme/infra/prod")));
            try (DirectoryStore store = DirectoryStore.open(temp.resolve("archive"))) {
                SignatureChecker checker = new SignatureChecker(null);
                for (int i = 0; i < selections.size(); i++) {
                    Path out = temp.resolve(i + ".zip");
                    Exported exported = new Exporter(
                                    store, TestKey.p256(KeyUse.EXPORT), checker, Instant::now, "0.1.0", Progress.none())
                            .export(ExportRequest.of(out, selections.get(i)));
                    System.out.println(exported.count() + " entries, verdict "
                            + VerifyMain.judge(out, question, checker).code());
                }
            }
        }
    }
}
