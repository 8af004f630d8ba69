package dev.terraseal.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamExportTest {
    private static final Selection DEV = new Selection.Stream(new StreamId("acme/infra/dev"));

    private final LogFixture fixture = LogFixture.small()
            .apply("acme/infra/dev", 1, 2)
            .apply("acme/infra/prod", 4, 5)
            .apply("acme/infra/dev", 2, 3)
            .batch("acme/infra/dev", 2)
            .rotateAttestKey()
            .apply("acme/infra/dev", 3, 4)
            .heads();

    @TempDir
    private Path temp;

    private Path bundle() {
        return temp.resolve("bundle");
    }

    @Test
    void allEntriesOfAStreamAreProvenByTheHeadsEntryThatClosesIt() throws Exception {
        Auditor auditor = new Auditor(fixture, temp);
        Exported exported = auditor.receives(DEV, "bundle");

        assertThat(exported.count()).isEqualTo(6);
        assertThat(exported.remarks()).isEmpty();
        Verdict verdict = auditor.trusts(bundle());
        assertThat(verdict.proven())
                .contains("these are all 5 entries of stream acme/infra/dev below heads entry 11, as the log stated");
        assertThat(verdict.notProven()).doesNotContain("that the selection is complete");
    }

    @Test
    void aStreamWithoutAnEntryIsProvenAbsent() throws Exception {
        Auditor auditor = new Auditor(fixture, temp);
        for (String stream : List.of("aaa", "acme/infra/in-between", "zzz")) {
            Path out = temp.resolve(stream.replace('/', '-'));
            auditor.receives(ExportRequest.of(out, new Selection.Stream(new StreamId(stream))));

            assertThat(auditor.trusts(out).proven())
                    .contains("these are no entry of stream " + stream + " below heads entry 11, as the log stated");
        }
    }

    @Test
    void theLogsOwnStreamsCanBeAskedForToo() throws Exception {
        Auditor auditor = new Auditor(fixture, temp);
        auditor.receives(new Selection.Stream(StreamId.LOG), "heads");
        auditor.receives(new Selection.Stream(StreamId.KEYS), "keys");

        auditor.trusts(temp.resolve("heads"));
        auditor.trusts(temp.resolve("keys"));
    }

    @Test
    void entriesAfterTheNewestHeadsEntryAreLeftOutAndThatIsSaid() throws Exception {
        fixture.apply("acme/infra/dev", 4, 5).apply("acme/infra/prod", 5, 6).apply("acme/infra/dev", 5, 6);
        Auditor auditor = new Auditor(fixture, temp);
        Exported exported = auditor.receives(DEV, "bundle");

        assertThat(exported.last()).isEqualTo(11);
        assertThat(exported.remarks()).singleElement().asString().contains("2 later entries");
        auditor.trusts(bundle());
    }

    @Test
    void aLogWithoutAHeadsEntryGivesNoStream() {
        LogFixture young = new LogFixture("terraseal.local/young").apply("acme/infra/dev", 1, 2);
        assertThatThrownBy(() -> new Auditor(young, temp).receives(DEV, "bundle"))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("no heads entry");
    }

    @Test
    void noBundleIsSealedWithoutTheLeavesOfTheNewestHeadsEntry() throws Exception {
        Path archive = temp.resolve("archive");
        FixtureArchive.write(fixture, archive, 3);
        Path newest = archive.resolve("heads/00000000000000000011.json");
        Auditor auditor = new Auditor(fixture, temp);
        for (String left : List.of("nothing", "half")) {
            if (left.equals("half")) {
                Files.writeString(newest, "[");
            } else {
                Files.delete(newest);
            }
            for (Selection selection : List.of(new Selection.All(), DEV, new Selection.Range(0, 2))) {
                assertThatThrownBy(() -> auditor.receives(selection, "bundle"))
                        .as(left + " " + selection)
                        .isInstanceOf(ExportException.class)
                        .hasMessageContaining("heads/00000000000000000011.json is missing or damaged");
                assertThat(bundle()).doesNotExist();
            }
        }
    }

    /** The second parameter of a case is how many of the five entries are left out, from the first one given. */
    @ParameterizedTest
    @ValueSource(strings = {"0,1", "2,1", "4,1", "3,2", "0,5"})
    void aStreamWithEntriesLeftOutIsRefusedWhoeverSealsIt(String leftOut) throws Exception {
        Auditor auditor = new Auditor(fixture, temp);
        auditor.receives(DEV, "bundle");
        int first = Integer.parseInt(leftOut.substring(0, 1));
        int count = Integer.parseInt(leftOut.substring(2));
        List<Long> all = List.of(4L, 6L, 7L, 8L, 10L);
        leaveOut(all.subList(first, first + count));

        Finding found = auditor.refusesResealed(bundle());
        assertThat(found.layer()).as(found.message()).isIn(Layer.CHAIN, Layer.STREAM_HEADS);
        assertThat(found.message()).doesNotContain("cannot be read");
    }

    @Test
    void withoutItsProofAStreamIsContiguousAndItsEndNotProven() throws Exception {
        Auditor auditor = new Auditor(fixture, temp);
        auditor.receives(DEV, "bundle");
        Files.delete(bundle().resolve("proofs/stream.json"));

        assertThat(auditor.refusesResealed(bundle()).message()).contains("is of stream _log");
        leaveOut(List.of(11L));
        FixtureBundle.seal(fixture, bundle());
        Verdict verdict = auditor.trusts(bundle());
        assertThat(verdict.notProven()).contains("that the stream ends here");
        assertThat(verdict.layers().toString()).contains("contiguous, end not proven");
    }

    /** Removes entries from every file that speaks of them, as somebody would who hides them. */
    private void leaveOut(List<Long> hidden) throws IOException {
        for (long sequence : hidden) {
            Files.delete(bundle().resolve("artifacts/" + new SequenceNumber(sequence).padded() + ".json"));
        }
        for (String file : List.of("signatures.jsonl", "proofs/entries.jsonl")) {
            Path path = bundle().resolve(file);
            List<String> lines = new ArrayList<>();
            for (String line : Files.readAllLines(path)) {
                boolean keep = true;
                for (long sequence : hidden) {
                    keep &= !line.contains("\"sequence\":" + sequence + ",")
                            && !line.endsWith("\"sequence\":" + sequence + "}");
                }
                if (keep) {
                    lines.add(line);
                }
            }
            Files.writeString(path, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
        }
        if (hidden.containsAll(List.of(7L, 8L))) {
            Files.delete(bundle().resolve("batches.jsonl"));
        }
        for (String derived : List.of("population.csv", "report.html")) {
            Files.deleteIfExists(bundle().resolve(derived));
        }
        new Shrunk(bundle()).rewriteManifest();
    }
}
