package dev.terraseal.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.core.witness.AddCheckpoint;
import dev.terraseal.core.witness.SplitView;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreSettings;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.witness.monitor.ReadsEverything;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A witness that reads the statements. */
class MonitorTest {
    private static final String NAME = "monitor.example/m1";
    private static final SignatureChecker CHECKER = new SignatureChecker(Providers.fast());

    @TempDir
    Path directory;

    private StateDirectory state;
    private ReadsEverything monitor;

    @BeforeEach
    void begin() throws Exception {
        state = StateDirectory.open(directory.resolve("state"), NAME, KeyUse.MONITOR, new SecureRandom());
    }

    @AfterEach
    void end() throws IOException {
        if (monitor != null) {
            monitor.close();
        }
        state.close();
    }

    private static LogFixture log(String later) {
        LogFixture log = LogFixture.seeded("terraseal.local/monitored", 5);
        log.apply("acme/infra/prod", 0, 1).apply("acme/infra/dev", 0, 1).heads();
        log.rotateAttestKey();
        log.apply("acme/infra/prod", 1, 2).heads();
        for (int i = 0; i < 5; i++) {
            log.apply("acme/infra/" + later, i, i + 1);
        }
        return log;
    }

    private WitnessedLog reading(LogFixture log, Path archive) throws Exception {
        return reading(log, StoreSettings.inDirectory(archive).openForReading());
    }

    private WitnessedLog reading(LogFixture log, ArchiveReader archive) throws Exception {
        if (monitor != null) {
            monitor.close();
        }
        monitor = ReadsEverything.of(archive, log.log().genesis(), CHECKER, directory.resolve("state/monitor"));
        VerifierKey key = VerifierKey.ofLog(log.log().origin(), log.logKey().key());
        return new WitnessedLog(
                log.log().origin().value(),
                List.of(key),
                new WitnessedLog.Witnessing(state, NAME, state.signer(), CHECKER, Instant::now),
                monitor);
    }

    private Path archive(LogFixture log, String name) throws IOException {
        Path place = directory.resolve(name);
        FixtureArchive.write(log, place, 3);
        return place;
    }

    private static AddCheckpoint request(LogFixture log, long old, long size) throws Exception {
        return new AddCheckpoint(
                old, old == 0 || old == size ? List.of() : log.proofs(size).consistency(old), log.checkpoint(size));
    }

    @Test
    void itCosignsWhatItHasReadAndGoesOnWhereItWas() throws Exception {
        LogFixture log = log("prod");
        Path archive = archive(log, "archive");
        WitnessedLog witnessed = reading(log, archive);
        assertThat(witnessed.add(request(log, 0, 4)).status()).isEqualTo(200);
        assertThat(monitor.size()).isEqualTo(4);
        assertThat(witnessed.add(request(log, 4, 7)).status()).isEqualTo(200);
        // What was read is not read again: the first segments may be gone.
        Files.delete(archive.resolve("segments/00000000000000000000.jsonl"));
        witnessed = reading(log, archive);
        assertThat(monitor.size()).isEqualTo(7);
        assertThat(witnessed.add(request(log, 7, log.size())).status()).isEqualTo(200);
        assertThat(monitor.size()).isEqualTo(log.size());
    }

    @Test
    void itKnowsEarlierCheckpointsOfWhatItHasReadAndNoOthers() throws Exception {
        LogFixture log = log("prod");
        LogFixture fork = log("dev");
        assertThat(reading(log, archive(log, "archive"))
                        .add(request(log, 0, log.size()))
                        .status())
                .isEqualTo(200);
        TreeHead newest = TreeHead.parse(log.checkpoint(log.size()).text());
        for (int size = 1; size <= log.size(); size++) {
            TreeHead own = TreeHead.parse(log.checkpoint(size).text());
            TreeHead other = TreeHead.parse(fork.checkpoint(size).text());
            assertThat(monitor.isWithin(own, newest)).isTrue();
            assertThat(monitor.isWithin(other, newest)).isEqualTo(other.root().equals(own.root()));
            assertThat(monitor.isWithin(
                            own, TreeHead.parse(fork.checkpoint(fork.size()).text())))
                    .isFalse();
        }
    }

    @Test
    void entriesThatAreNotThereYetAreWaitedFor() throws Exception {
        LogFixture log = log("prod");
        Path archive = archive(log, "archive");
        Path late = archive.resolve("segments/00000000000000000006.jsonl");
        byte[] segment = Files.readAllBytes(late);
        Files.delete(late);
        WitnessedLog witnessed = reading(log, archive);
        assertThat(witnessed.add(request(log, 0, 8)).status()).isEqualTo(503);
        Files.write(late, segment);
        assertThat(witnessed.add(request(log, 0, 8)).status()).isEqualTo(200);
    }

    @Test
    void whatDoesNotHoldIsNotCosigned() throws Exception {
        LogFixture log = log("prod");
        Path archive = archive(log, "archive");
        List<Path> segments = new ArrayList<>();
        try (Stream<Path> files = Files.list(archive.resolve("segments"))) {
            files.sorted().forEach(segments::add);
        }
        for (Path segment : segments) {
            String right = Files.readString(segment);
            segment.toFile().setWritable(true);
            int at = right.indexOf("\"sig\":\"") + 20;
            char other = right.charAt(at) == 'A' ? 'B' : 'A';
            Files.writeString(segment, right.substring(0, at) + other + right.substring(at + 1));
            Answer answer = reading(log, archive).add(request(log, 0, log.size()));
            assertThat(answer.status()).as(segment.toString()).isEqualTo(422);
            assertThat(answer.body()).contains("the log's entries do not hold");
            Files.writeString(segment, right);
        }
        assertThat(reading(log, archive).add(request(log, 0, log.size())).status())
                .isEqualTo(200);
    }

    /** Whoever may write to the bucket knows the next link and the form of an entry; the keys they have not. */
    @Test
    void whatWasPlantedBeforeTheLogsOwnIsPassedOver() throws Exception {
        LogFixture log = log("prod").batch("acme/infra/prod", 3);
        long batch = log.batches().keySet().iterator().next();
        Path place = archive(log, "archive");
        PlantedVersions archive =
                new PlantedVersions(StoreSettings.inDirectory(place).openForReading());
        try (Stream<Path> files = Files.list(place.resolve("segments"))) {
            for (Path segment : files.toList()) {
                Bytes own = Bytes.wrap(Files.readAllBytes(segment));
                archive.plant("segments/" + segment.getFileName(), unsigned(own), Bytes.utf8("{}\n"));
            }
        }
        Envelope own = log.batches().get(batch);
        Envelope other = new Envelope(
                own.payloadType(),
                own.payload(),
                List.of(new DsseSignature(own.signatures().get(0).keyid(), Bytes.wrap(new byte[71]))));
        archive.plant(ArchiveNames.batch(new SequenceNumber(batch)), other.bytes());
        assertThat(reading(log, archive).add(request(log, 0, log.size())).status())
                .isEqualTo(200);
        assertThat(monitor.size()).isEqualTo(log.size());
    }

    /** The same statements under signatures that are none, where an entry has its own. */
    private static Bytes unsigned(Bytes segment) {
        return Bytes.utf8(segment.utf8().replaceAll("\"sig\":\"....", "\"sig\":\"AAAA"));
    }

    @Test
    void aHeadByALogKeyThatTheLogCallsCompromisedIsNotCosigned() throws Exception {
        LogFixture log = log("prod");
        int stolenFrom = log.size() - 2;
        log.revoke(log.logKey(), stolenFrom);
        WitnessedLog witnessed = reading(log, archive(log, "archive"));
        // At that size nobody knows yet.
        assertThat(witnessed.add(request(log, 0, log.size() - 1)).status()).isEqualTo(200);
        Answer answer = witnessed.add(request(log, log.size() - 1, log.size()));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body()).contains("compromised from entry " + stolenFrom + " on");
    }

    /** An id twice: in order, chained, signed, under the head, and still no log of ours. */
    @Test
    void anIdThatWasThereBeforeIsFound() throws Exception {
        LogFixture log = LogFixture.seeded("terraseal.local/monitored", 5);
        log.apply("acme/infra/prod", 0, 1).apply("acme/infra/prod", 1, 2);
        var first = log.entries().get(0);
        log.append(
                PredicateType.TERRAFORM_APPLY,
                "acme/infra/prod",
                Statement.parse(first.statement()).id().value(),
                Json.obj().put("outcome", "failed").build());
        Answer answer = reading(log, archive(log, "archive")).add(request(log, 0, 3));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body()).contains("which an entry before it has");
    }

    /** The archive went over to the other history, from a size of which a request alone proves nothing. */
    @Test
    void theArchiveGivesTheProofOfAFork() throws Exception {
        LogFixture log = log("prod");
        LogFixture fork = log("dev");
        assertThat(reading(log, archive(log, "archive")).add(request(log, 0, 8)).status())
                .isEqualTo(200);
        Answer answer = reading(log, archive(fork, "forked")).add(request(fork, 8, fork.size()));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body()).contains("two histories");
        try (Stream<Path> proofs = Files.list(directory.resolve("state/split-views"))) {
            Path file = proofs.findFirst().orElseThrow();
            SplitView proof = SplitView.parse(Bytes.wrap(Files.readAllBytes(file)));
            assertThat(proof.log().bytes()).isEqualTo(log.log().bytes());
            assertThat(proof.prefix()).isNotEmpty();
        }
    }

    @Test
    void aMemoryThatWasChangedIsReadAnew() throws Exception {
        LogFixture log = log("prod");
        Path archive = archive(log, "archive");
        assertThat(reading(log, archive).add(request(log, 0, 8)).status()).isEqualTo(200);
        Path journal = directory.resolve("state/monitor/journal");
        byte[] lines = Files.readAllBytes(journal);
        lines[5] ^= 1;
        Files.write(journal, lines);
        assertThatThrownBy(() -> reading(log, archive)).hasMessageContaining("remove that directory");
    }
}
