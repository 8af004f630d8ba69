package dev.terraseal.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.timestamp.StampName;
import dev.terraseal.core.timestamp.TimeAuthority;
import dev.terraseal.core.timestamp.TokenList;
import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.s3.S3StandIn;
import dev.terraseal.testkit.tsa.TestAuthority;
import dev.terraseal.verifier.VerifyMain;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.verdict.Verdict;
import dev.terraseal.verifier.verdict.VerdictText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever may write to the bucket may plant what they like, under names that are still to come and over names that are
 * there: every export is byte for byte the one of an archive that nobody touched.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileBucketTest {
    private static final Instant BEGIN = Instant.parse("2026-11-22T02:00:00Z");
    /** The whole, and a part that begins and ends inside of segments. */
    private static final List<Selection> FEW = List.of(new Selection.All(), new Selection.Range(7, 14));

    private static final List<Selection> SELECTIONS = List.of(
            new Selection.All(),
            new Selection.Range(7, 14),
            new Selection.Range(2, 3),
            new Selection.Stream(new StreamId("acme/infra/dev")),
            new Selection.Sample(new Selection.Range(0, 16), 4, "seed"));

    private Path temp = Path.of("");
    private final TestAuthority authority = TestAuthority.seeded("tsa", 3);
    private final LogFixture log = LogFixture.small()
            .apply("acme/infra/dev", 1, 2)
            .batch("acme/infra/dev", 5)
            .heads()
            .rotateLogKey()
            .addSecondKey(KeyUse.LOG)
            .apply("acme/infra/prod", 4, 5)
            .apply("acme/infra/dev", 2, 3)
            .heads()
            .apply("acme/infra/prod", 5, 6);
    private Map<String, Bytes> untouched = Map.of();
    private S3StandIn service;
    private int buckets;

    @BeforeAll
    void archive(@TempDir Path directory) throws Exception {
        temp = directory;
        service = S3StandIn.start(Clock.systemUTC());
        FixtureArchive.write(log, temp.resolve("archive"), 3);
        SignatureLine second = log.headSignedTwice(BEGIN).lines().get(1);
        put(
                "cosignatures/" + log.size() + "/" + BEGIN.getEpochSecond() + "-"
                        + second.keyId().hex(),
                Bytes.utf8(second.text() + "\n"));
        for (int size : new int[] {3, 6, 9, log.size()}) {
            put(
                    StampName.of(size, "tsa", time(size)).text(),
                    authority.stamp(log.checkpoint(size).bytes(), time(size)));
        }
        String token = StampName.of(3, "tsa", time(3)).text();
        Bytes list = TokenList.of(Map.of(
                token,
                Digest.of(Bytes.wrap(Files.readAllBytes(temp.resolve("archive").resolve(token))))));
        put("timestamps/renewed/20280101T000000Z/list", list);
        put(
                "timestamps/renewed/20280101T000000Z/tsa-20280101T000000Z.tsr",
                authority.stamp(list, Instant.parse("2028-01-01T00:00:00Z")));
        try (HostileBucket bucket = bucket()) {
            bucket.archive();
            untouched = exports(bucket, SELECTIONS, "untouched");
        }
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private static Instant time(int size) {
        return BEGIN.plusSeconds(60L * size);
    }

    private void put(String name, Bytes content) throws IOException {
        Path file = temp.resolve("archive").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content.toByteArray());
    }

    private HostileBucket bucket() throws Exception {
        return new HostileBucket(service, "bucket-" + buckets++, temp.resolve("archive"));
    }

    /** Every file of every selection's bundle but the seal, which is another each time. */
    private Map<String, Bytes> exports(HostileBucket bucket, List<Selection> selections, String what) throws Exception {
        Map<String, Bytes> all = new TreeMap<>();
        for (int i = 0; i < selections.size(); i++) {
            Path out = temp.resolve("out-" + buckets + "-" + i);
            new Exporter(
                            bucket.store(),
                            log.exportKey(),
                            new RememberingChecker(),
                            () -> Instant.parse("2026-11-22T02:00:00Z"),
                            "0.1.0",
                            Progress.none())
                    .export(ExportRequest.of(out, selections.get(i)));
            Verdict verdict = VerifyMain.judge(out, question(), new RememberingChecker());
            assertThat(verdict.code())
                    .as(what + ", " + selections.get(i) + "\n" + String.join("\n", VerdictText.lines(verdict)))
                    .isZero();
            for (Map.Entry<String, Path> file : FixtureBundle.files(out).entrySet()) {
                if (!file.getKey().equals("SHA256SUMS.sig")) {
                    all.put(i + "/" + file.getKey(), Bytes.wrap(Files.readAllBytes(file.getValue())));
                }
            }
            ZipPacker.delete(out);
        }
        return all;
    }

    private Question question() throws IOException {
        return Question.under(Trust.byGenesis(log.log().genesis())
                .believing(List.of(TimeAuthority.of(authority.rootPem(), TestAuthority.POLICY))));
    }

    private void assertSame(HostileBucket bucket, List<Selection> selections, String what) throws Exception {
        Map<String, Bytes> found = exports(bucket, selections, what);
        TreeMap<String, Bytes> expected = new TreeMap<>(untouched);
        expected.keySet().removeIf(name -> Integer.parseInt(name.substring(0, 1)) >= selections.size());
        assertThat(found.keySet()).as(what).isEqualTo(expected.keySet());
        for (Map.Entry<String, Bytes> file : expected.entrySet()) {
            assertThat(found.get(file.getKey()).equals(file.getValue()))
                    .as(what + ": " + file.getKey() + " is the same")
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "heads",
                "segments: cut elsewhere",
                "segments: unsigned",
                "segments: forged",
                "segments: above the end",
                "besides",
                "notes",
                "tokens"
            })
    void whatIsPlantedBeforeTheArchiverWritesChangesNoExport(String kind) throws Exception {
        try (HostileBucket bucket = bucket()) {
            plants().entrySet().stream()
                    .filter(plant -> plant.getKey().startsWith(kind))
                    .forEach(plant -> bucket.plant(plant.getValue()));
            bucket.archive();
            assertSame(bucket, FEW, kind);
        }
    }

    @Test
    void whatIsPlantedOverAnArchiveChangesNoExport() throws Exception {
        try (HostileBucket bucket = bucket()) {
            bucket.archive();
            plants().values().forEach(bucket::plant);
            assertSame(bucket, FEW, "after");
        }
    }

    @Test
    void allOfItTogetherChangesNoExport() throws Exception {
        try (HostileBucket bucket = bucket()) {
            plants().values().forEach(bucket::plant);
            bucket.archive();
            plants().values().forEach(bucket::plant);
            assertSame(bucket, SELECTIONS, "all");
        }
    }

    /** Full tiles are locked, and so is what somebody put under their names before they were full. */
    @Test
    void aFullTileIsTheOneThatLeadsToTheRoot(@TempDir Path other) throws Exception {
        LogFixture large = LogFixture.small().batch("acme/infra/dev", 600).heads();
        FixtureArchive.write(large, other.resolve("archive"), 201);
        try (HostileBucket bucket = new HostileBucket(service, "tiles", other.resolve("archive"))) {
            TreeMap<String, Bytes> tiles = new TreeMap<>(bucket.archived());
            tiles.keySet().removeIf(name -> !name.startsWith("tile/"));
            tiles.replaceAll((name, tile) -> Bytes.wrap(new byte[tile.length()]));
            bucket.plant(tiles);
            bucket.archive();
            bucket.plant(tiles);
            new Exporter(
                            bucket.store(),
                            large.exportKey(),
                            new RememberingChecker(),
                            Instant::now,
                            "0.1.0",
                            Progress.none())
                    .export(ExportRequest.of(other.resolve("out"), new Selection.Range(100, 500)));
            Verdict verdict = VerifyMain.judge(
                    other.resolve("out"),
                    Question.under(Trust.byGenesis(large.log().genesis())),
                    new RememberingChecker());
            assertThat(verdict.code())
                    .as(String.join("\n", VerdictText.lines(verdict)))
                    .isZero();
        }
    }

    private Map<String, Map<String, Bytes>> plants() throws Exception {
        TreeMap<String, Bytes> archived = new TreeMap<>();
        for (Map.Entry<String, Path> file :
                FixtureBundle.files(temp.resolve("archive")).entrySet()) {
            archived.put(file.getKey(), Bytes.wrap(Files.readAllBytes(file.getValue())));
        }
        return Plants.of(log, archived);
    }
}
