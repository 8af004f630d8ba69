package dev.terraseal.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleExportTest {
    private final LogFixture fixture = new LogFixture("terraseal.local/sampled");

    @TempDir
    private Path temp;

    /** Twenty applies and ten heads entries. */
    @BeforeEach
    void fill() {
        for (int i = 0; i < 10; i++) {
            fixture.apply("acme/prod", i + 1, i + 2).heads().apply("acme/dev", i + 1, i + 2);
        }
        fixture.heads();
    }

    private static boolean isHeads(long sequence) {
        return sequence == 30 || sequence % 3 == 1;
    }

    /** The draw as the formats page words it, by the naive way. */
    private static TreeSet<Long> naive(String seed, long first, long end, int count) {
        List<Long> byRank = new ArrayList<>();
        for (long n = first; n < end; n++) {
            byRank.add(n);
        }
        byRank.sort(
                Comparator.comparing(n -> Digest.of(Bytes.utf8(seed + "/" + n)).hex()));
        TreeSet<Long> drawn = new TreeSet<>();
        int ordinary = 0;
        for (long n : byRank) {
            if (ordinary < count) {
                drawn.add(n);
                ordinary += isHeads(n) ? 0 : 1;
            }
        }
        return drawn;
    }

    private TreeSet<Long> shown(String name) throws Exception {
        TreeSet<Long> shown = new TreeSet<>();
        try (var files = Files.list(temp.resolve(name).resolve("artifacts"))) {
            files.forEach(file ->
                    shown.add(Long.parseLong(file.getFileName().toString().substring(0, 20))));
        }
        return shown;
    }

    @Test
    void whoHasTheSeedDrawsTheSameSample() throws Exception {
        Auditor auditor = new Auditor(fixture, temp);
        for (int seed = 0; seed < 20; seed++) {
            String name = "sample-" + seed;
            auditor.receives(new Selection.Sample(new Selection.Range(2, 29), 5, "s." + seed), name);

            assertThat(shown(name)).as("seed s.%d", seed).isEqualTo(naive("s." + seed, 2, 29, 5));
            Verdict verdict = auditor.trusts(temp.resolve(name));
            assertThat(verdict.proven())
                    .contains("the sample is the one that seed s." + seed + " draws from entries 2–28");
            assertThat(verdict.notProven()).doesNotContain("that the selection is complete");
        }
    }

    @Test
    void aSampleOfAPeriodNamesBothThePeriodAndItsEntries() throws Exception {
        Auditor auditor = new Auditor(fixture, temp);
        Selection period = new Selection.Received(
                Timestamp.parse("2026-11-22T01:02:03.000Z"), Timestamp.parse("2026-11-22T01:02:20.000Z"));
        auditor.receives(new Selection.Sample(period, 3, "q3"), "sample");

        assertThat(shown("sample")).isEqualTo(naive("q3", 3, 20, 3));
        assertThat(Files.readString(temp.resolve("sample/manifest.json")))
                .contains(
                        "\"text\":\"--since 2026-11-22T01:02:03.000Z --until 2026-11-22T01:02:20.000Z --from 3 --to 20"
                                + " --sample 3 --seed q3\"");
        auditor.trusts(temp.resolve("sample"));
    }

    @Test
    void aSampleOfAStreamIsSaidToBeNotChecked() throws Exception {
        Auditor auditor = new Auditor(fixture, temp);
        auditor.receives(new Selection.Sample(new Selection.Stream(new StreamId("acme/dev")), 3, "x"), "sample");

        assertThat(shown("sample")).hasSize(3).allMatch(n -> n % 3 == 2);
        assertThat(auditor.trusts(temp.resolve("sample")).notProven())
                .contains("that the draw of the sample is the one its seed gives (not checked)");
    }

    @Test
    void aSampleInWhichSomebodyChoseIsRefused() throws Exception {
        Auditor auditor = new Auditor(fixture, temp);
        auditor.receives(new Selection.Sample(new Selection.Range(0, 31), 6, "seed"), "sample");
        auditor.receives(new Selection.Sample(new Selection.Range(0, 31), 6, "other"), "other");
        auditor.receives(new Selection.Sample(new Selection.Range(0, 31), 7, "seed"), "more");
        for (String forged : List.of("other", "more")) {
            Path manifest = temp.resolve(forged).resolve("manifest.json");
            Files.writeString(
                    manifest,
                    Files.readString(manifest).replaceAll("--sample . --seed [a-z]+", "--sample 6 --seed seed"));

            Finding found = auditor.refusesResealed(temp.resolve(forged));
            assertThat(found.name()).isEqualTo(FindingName.OTHER_SAMPLE);
            assertThat(found.message()).contains("--from 0 --to 31 --sample 6 --seed seed");
        }
        auditor.trusts(temp.resolve("sample"));
    }

    @Test
    void moreThanThereIsIsNotDrawn() {
        assertThatThrownBy(() -> new Auditor(fixture, temp)
                        .receives(new Selection.Sample(new Selection.All(), 21, "s"), "sample"))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("20 entries are not the log's own");
    }
}
