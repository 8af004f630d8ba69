package dev.terraseal.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.checkpoint.VerifiedLine;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.witness.AddCheckpoint;
import dev.terraseal.core.witness.SplitView;
import dev.terraseal.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessedLogTest {
    private static final String NAME = "witness.example/w1";
    private static final SignatureChecker CHECKER = new SignatureChecker(null);

    @TempDir
    Path directory;

    private final ForkedLog log = new ForkedLog(6, "A");
    private final ForkedLog fork = new ForkedLog(6, "B");
    private Instant now = Instant.parse("2026-11-29T12:00:00Z");
    private StateDirectory state;

    @BeforeEach
    void begin() throws Exception {
        state = StateDirectory.open(directory, NAME, KeyUse.WITNESS, new SecureRandom());
    }

    @AfterEach
    void end() throws IOException {
        state.close();
    }

    private WitnessedLog witnessed() throws StoreException {
        return new WitnessedLog(ForkedLog.ORIGIN.value(), List.of(log.key()), with(), Condition.NONE);
    }

    private WitnessedLog.Witnessing with() {
        return new WitnessedLog.Witnessing(state, NAME, state.signer(), CHECKER, () -> now);
    }

    private void assertCosigned(Answer answer, AddCheckpoint request) throws Exception {
        assertThat(answer).isInstanceOf(Answer.Cosigned.class);
        SignedNote note = request.note().with(((Answer.Cosigned) answer).line());
        List<VerifiedLine> lines = note.verify(List.of(with().key()), CHECKER);
        assertThat(lines).singleElement().extracting(VerifiedLine::seenAt).isEqualTo(now);
    }

    private List<Path> proofs() throws IOException {
        Path place = directory.resolve("split-views");
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.sorted().toList();
        }
    }

    @Test
    void aLogThatGrowsIsCosignedAtEverySizeAndAgainAtTheSame() throws Exception {
        WitnessedLog witnessed = witnessed();
        long[] sizes = {0, 0, 1, 2, 3, 3, 7, 8, 8, 20, 33};
        long old = 0;
        for (long size : sizes) {
            AddCheckpoint request = log.request(old, size);
            assertCosigned(witnessed.add(request), request);
            now = now.plusSeconds(1);
            old = size;
        }
        assertThat(witnessed.newest().orElseThrow().text())
                .isEqualTo(log.note(33).text());
        assertThat(proofs()).isEmpty();
    }

    @Test
    void whatIsOutOfStepIsRefusedAsTheProtocolSays() throws Exception {
        WitnessedLog witnessed = witnessed();
        assertThat(witnessed.add(log.request(4, 5))).isEqualTo(new Answer.OtherSize(0));
        assertThat(witnessed.add(log.request(0, 5)).status()).isEqualTo(200);
        assertThat(witnessed.add(log.request(0, 6))).isEqualTo(new Answer.OtherSize(5));
        assertThat(witnessed.add(log.request(0, 6)).contentType()).isEqualTo("text/x.tlog.size");
        assertThat(witnessed.add(log.request(0, 6)).body()).isEqualTo("5\n");
        assertThat(witnessed.add(log.request(4, 6)).status()).isEqualTo(409);
        assertThat(witnessed.add(log.request(0, 3)).status()).isEqualTo(409);
        AddCheckpoint backwards = new AddCheckpoint(5, List.of(), log.note(4));
        assertThat(witnessed.add(backwards).status()).isEqualTo(400);
        List<Digest> wrong = new ArrayList<>(log.consistency(5, 9));
        wrong.set(0, Digest.of());
        assertThat(witnessed.add(new AddCheckpoint(5, wrong, log.note(9))).status())
                .isEqualTo(422);
        assertThat(witnessed.add(new AddCheckpoint(5, List.of(), log.note(9))).status())
                .isEqualTo(422);
        AddCheckpoint proofForNothing = new AddCheckpoint(5, log.consistency(5, 9), log.note(5));
        assertThat(witnessed.add(proofForNothing).status()).isEqualTo(422);
        assertThat(witnessed.newest().orElseThrow().text())
                .isEqualTo(log.note(5).text());
    }

    @Test
    void onlyTheLogsKeyCounts() throws Exception {
        WitnessedLog witnessed = witnessed();
        SignedNote right = log.note(5);
        SignedNote wrong = new SignedNote(log.note(6).text(), right.lines());
        assertThat(witnessed.add(new AddCheckpoint(0, List.of(), wrong)).status())
                .isEqualTo(403);
        assertThat(witnessed.add(new AddCheckpoint(0, List.of(), right)).status())
                .isEqualTo(200);
    }

    @Test
    void twoHistoriesOfOneSizeAreKeptAsProof() throws Exception {
        WitnessedLog witnessed = witnessed();
        assertThat(witnessed.add(log.request(0, 9)).status()).isEqualTo(200);
        assertThat(witnessed.add(fork.request(9, 9)).status()).isEqualTo(422);
        assertThat(witnessed.add(fork.request(0, 9)).status()).isEqualTo(422);
        assertProof(9, 9);
        assertThat(witnessed.newest().orElseThrow().text())
                .isEqualTo(log.note(9).text());
    }

    /** Whoever continues another history as an honest client does hands over the proof. */
    @Test
    void aContinuationOfAnotherHistoryIsItsOwnProof() throws Exception {
        WitnessedLog witnessed = witnessed();
        assertThat(witnessed.add(log.request(0, 7)).status()).isEqualTo(200);
        assertThat(witnessed.add(fork.request(7, 12)).status()).isEqualTo(422);
        assertProof(7, 12);
    }

    /** The root of a complete tree is no part of a proof, so the request alone shows nothing; the entries do. */
    @Test
    void fromAPowerOfTwoTheEntriesGiveTheProof() throws Exception {
        WitnessedLog plain = witnessed();
        assertThat(plain.add(log.request(0, 8)).status()).isEqualTo(200);
        assertThat(plain.add(fork.request(8, 12)).status()).isEqualTo(422);
        assertThat(proofs()).isEmpty();
        WitnessedLog reading =
                new WitnessedLog(ForkedLog.ORIGIN.value(), List.of(log.key()), with(), new ReadsTheEntriesOf(fork));
        assertThat(reading.add(fork.request(8, 12)).status()).isEqualTo(422);
        assertProof(8, 12);
    }

    @Test
    void aSmallerCheckpointOfAnotherHistoryIsFoundWhereEntriesAreRead() throws Exception {
        WitnessedLog reading =
                new WitnessedLog(ForkedLog.ORIGIN.value(), List.of(log.key()), with(), new ReadsTheEntriesOf(log));
        assertThat(reading.add(log.request(0, 20)).status()).isEqualTo(200);
        assertThat(reading.add(log.request(0, 8))).isEqualTo(new Answer.OtherSize(20));
        assertThat(proofs()).isEmpty();
        assertThat(reading.add(fork.request(0, 8))).isEqualTo(new Answer.OtherSize(20));
        assertProof(8, 20);
    }

    /** Anybody may send the public checkpoints of long ago, as often as they like. */
    @Test
    void forAnOldCheckpointOfTheSameHistoryNoProofIsMade() throws Exception {
        ReadsTheEntriesOf entries = new ReadsTheEntriesOf(log);
        WitnessedLog reading = new WitnessedLog(ForkedLog.ORIGIN.value(), List.of(log.key()), with(), entries);
        assertThat(reading.add(log.request(0, 12)).status()).isEqualTo(200);
        assertThat(reading.add(log.request(0, 5))).isEqualTo(new Answer.OtherSize(12));
        assertThat(entries.proofs).hasValue(0);
        assertThat(reading.add(fork.request(0, 9))).isEqualTo(new Answer.OtherSize(12));
        assertThat(entries.proofs).hasValue(1);
        assertProof(9, 12);
    }

    private void assertProof(long first, long second) throws Exception {
        assertThat(proofs()).hasSize(1);
        Bytes file = Bytes.wrap(Files.readAllBytes(proofs().get(0)));
        SplitView proof = SplitView.parse(file);
        assertThat(proof.bytes()).isEqualTo(file);
        SplitView.Shown shown = proof.verify(List.of(log.key()), CHECKER);
        assertThat(shown.first().size()).isEqualTo(first);
        assertThat(shown.second().size()).isEqualTo(second);
    }

    private static final class ReadsTheEntriesOf implements Condition {
        private final ForkedLog read;
        private final AtomicInteger proofs = new AtomicInteger();

        ReadsTheEntriesOf(ForkedLog read) {
            this.read = read;
        }

        @Override
        public Optional<Answer> refusal(SignedNote note, TreeHead head) {
            return Optional.empty();
        }

        @Override
        public boolean isWithin(TreeHead smaller, TreeHead larger) {
            return wasRead(smaller) && wasRead(larger);
        }

        private boolean wasRead(TreeHead head) {
            try {
                return TreeHead.parse(read.note(head.size()).text()).root().equals(head.root());
            } catch (NoteException | ProofException | SigningException impossible) {
                throw new AssertionError(impossible);
            }
        }

        @Override
        public List<Digest> prefix(TreeHead larger, long size) {
            proofs.incrementAndGet();
            try {
                return read.prefix(size, larger.size());
            } catch (ProofException impossible) {
                throw new AssertionError(impossible);
            }
        }

        @Override
        public LogDeclaration declaration() {
            return null;
        }
    }

    @Test
    void itGoesOnWhereItWasAndNeverBehind() throws Exception {
        assertThat(witnessed().add(log.request(0, 7)).status()).isEqualTo(200);
        state.close();
        state = StateDirectory.open(directory, NAME, KeyUse.WITNESS, new SecureRandom());
        WitnessedLog again = witnessed();
        assertThat(again.add(log.request(0, 8))).isEqualTo(new Answer.OtherSize(7));
        assertThat(again.add(log.request(7, 8)).status()).isEqualTo(200);
        now = now.minusSeconds(2);
        assertThat(again.add(log.request(8, 9)).status()).isEqualTo(503);
        now = now.plusSeconds(2);
        assertThat(again.add(log.request(8, 9)).status()).isEqualTo(200);
    }

    @Test
    void aMemoryThatWasChangedOrTakenAwayIsNotGoneOnFrom() throws Exception {
        assertThat(witnessed().add(log.request(0, 7)).status()).isEqualTo(200);
        Path remembered = directory.resolve("logs/" + StateDirectory.hash(ForkedLog.ORIGIN.value()) + "/checkpoint");
        String note = Files.readString(remembered);
        Files.writeString(remembered, note.replaceFirst("\n7\n", "\n6\n"));
        assertThatThrownBy(this::witnessed)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is not what it wrote")
                .hasMessageContaining("with a new key");
        Files.writeString(remembered, note);
        state.close();
        assertThatThrownBy(() -> StateDirectory.open(directory, "other.example", KeyUse.WITNESS, new SecureRandom()))
                .hasMessageContaining("is that of witness " + NAME);
        Files.delete(directory.resolve("name"));
        Files.delete(Files.list(directory.resolve("keys")).findFirst().orElseThrow());
        assertThatThrownBy(() -> StateDirectory.open(directory, NAME, KeyUse.WITNESS, new SecureRandom()))
                .hasMessageContaining("was put back in part");
    }

    @Test
    void oneProcessHasADirectory() {
        assertThatThrownBy(() -> StateDirectory.open(directory, NAME, KeyUse.WITNESS, new SecureRandom()))
                .hasMessageContaining(
                        "is in use by process " + ProcessHandle.current().pid());
    }
}
