package dev.terraseal.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.timestamp.StampName;
import dev.terraseal.core.timestamp.TimeAuthority;
import dev.terraseal.core.timestamp.TokenList;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.tools.Tool;
import dev.terraseal.testkit.tsa.TestAuthority;
import dev.terraseal.verifier.VerifyMain;
import dev.terraseal.verifier.time.Interval;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Verdict;
import dev.terraseal.verifier.verdict.VerdictText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens on their way from the archive through a bundle to the auditor. */
class StampsExportTest {
    private static final Instant BEGIN = Instant.parse("2026-11-22T02:00:00Z");

    @TempDir
    private Path temp;

    private final TestAuthority authority = TestAuthority.seeded("tsa", 3);
    private final LogFixture log = LogFixture.small()
            .apply("acme/infra/dev", 1, 2)
            .apply("acme/infra/dev", 2, 3)
            .apply("acme/infra/prod", 7, 8)
            .apply("acme/infra/prod", 8, 9)
            .heads();

    @BeforeEach
    void archive() throws IOException {
        FixtureArchive.write(log, temp.resolve("archive"), 3);
        for (int size : new int[] {3, 6, log.size()}) {
            stamp(size, authority.stamp(log.checkpoint(size).bytes(), time(size)));
        }
    }

    private static Instant time(int size) {
        return BEGIN.plusSeconds(60L * size);
    }

    private String stamp(int size, Bytes token) throws IOException {
        String name = StampName.of(size, "tsa", time(size)).text();
        put(name, token);
        return name;
    }

    private void put(String name, Bytes content) throws IOException {
        Path file = temp.resolve("archive").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content.toByteArray());
    }

    private Verdict verify(Path path) throws IOException {
        Trust trust = Trust.byGenesis(log.log().genesis())
                .believing(List.of(TimeAuthority.of(authority.rootPem(), TestAuthority.POLICY)));
        return VerifyMain.judge(path, Question.under(trust), new SignatureChecker(null));
    }

    private Verdict exported(Selection selection, String name) throws Exception {
        new Auditor(log, temp).receives(selection, name);
        Verdict verdict = verify(temp.resolve(name));
        assertThat(verdict.code())
                .as(String.join("\n", VerdictText.lines(verdict)))
                .isZero();
        return verdict;
    }

    @Test
    void everyExportHasTheTokensThatBoundItsEntries() throws Exception {
        int size = log.size();
        assertThat(exported(new Selection.All(), "all").intervals())
                .containsExactly(
                        new Interval(0, 2, null, time(3)),
                        new Interval(3, 5, null, time(6)),
                        new Interval(6, size - 1, null, time(size)));
        assertThat(exported(new Selection.Range(1, 3), "range").intervals())
                .containsExactly(new Interval(1, 2, null, time(3)));
        assertThat(exported(new Selection.Stream(new StreamId("acme/infra/prod")), "stream.zip")
                        .intervals())
                .isNotEmpty();
        assertThat(verify(temp.resolve("archive")).intervals()).hasSize(3);
    }

    @Test
    void whatSomebodyPutBesideTheTokensIsNotExported() throws Exception {
        put("timestamps/3/tsa-20200101T000000Z.tsr", Bytes.utf8("planted"));
        put("timestamps/renewed/20270101T000000Z/list", Bytes.utf8("planted"));
        exported(new Selection.All(), "all");
        Verdict archive = verify(temp.resolve("archive"));
        assertThat(archive.findings()).anyMatch(finding -> finding.name() == FindingName.BAD_TOKEN);
    }

    @Test
    void renewalsOfWhatIsExportedAreExported() throws Exception {
        String token = StampName.of(3, "tsa", time(3)).text();
        Bytes list = TokenList.of(
                Map.of(token, Digest.of(authority.stamp(log.checkpoint(3).bytes(), time(3)))));
        put("timestamps/renewed/20280101T000000Z/list", list);
        put(
                "timestamps/renewed/20280101T000000Z/tsa-20280101T000000Z.tsr",
                authority.stamp(list, Instant.parse("2028-01-01T00:00:00Z")));
        exported(new Selection.All(), "all");
        assertThat(temp.resolve("all/timestamps/renewed/20280101T000000Z/list")).exists();
        exported(new Selection.Range(7, 9), "late");
        assertThat(temp.resolve("late/timestamps/renewed")).doesNotExist();
    }

    @Test
    void theReadmesOpensslAcceptsTheNewestToken() throws Exception {
        Tool.require("openssl");
        exported(new Selection.All(), "all");
        String text = Files.readString(temp.resolve("all/README.txt"));
        String commands = text.substring(text.indexOf("  root=../root.pem"));
        Path root = Files.writeString(temp.resolve("their.pem"), authority.rootPem());
        Process shell = new ProcessBuilder("bash", "-e", "-c", commands.replace("root=../root.pem", "root=" + root))
                .directory(temp.resolve("all").toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
        assertThat(said).contains("Verification: OK");
    }

    @Test
    void manyStampsAreThinned() {
        TreeSet<Long> hourly = new TreeSet<>(
                LongStream.rangeClosed(1, 9_000).map(i -> 10 * i).boxed().toList());
        TreeSet<Long> chosen = StampChoice.of(hourly, 25, 80_005, List.of());
        assertThat(chosen).hasSizeBetween(400, StampChoice.MOST + 2).contains(80_010L, 90_000L);
        assertThat(chosen.first()).isGreaterThan(25);
        assertThat(StampChoice.of(hourly, 25, 45, List.of())).containsExactly(30L, 40L, 50L, 90_000L);
        assertThat(StampChoice.of(hourly, 25, 35, List.of(3L, 7L, 10L, 89_999L)))
                .containsExactly(10L, 20L, 30L, 40L, 90_000L);
        assertThat(StampChoice.of(hourly, 25, 80_005, List.of(44_444L))).contains(44_450L);
    }
}
