package dev.terraseal.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyHistory;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.Providers;
import dev.terraseal.keys.local.SoftSigner;
import dev.terraseal.signer.check.Entry;
import dev.terraseal.signer.check.RefusedEntryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The signer takes a rotated key up at the entry the log says, in this life and in the next. */
class KeyRotationTest {
    @TempDir
    private Path temp;

    private final SignatureChecker checker = new SignatureChecker(Providers.fast());
    private final SoftSigner next = Chained.freshAttestKey();
    private final List<Entry> entries = new ArrayList<>();
    private Chained chained;
    private MemoryTopics topics;
    private Instant now = Instant.parse("2026-11-29T12:00:00Z");
    private boolean answers;
    private int asked;

    @BeforeEach
    void begin() throws Exception {
        chained = Chained.born(temp);
        topics = new MemoryTopics(chained.log);
    }

    private SigningLoop loop(KeyInForce keys) {
        return new Loops(chained, topics, Runnable::run)
                .atOnce()
                .within(5, 1 << 20)
                .loop(keys);
    }

    private KeyInForce local() {
        return new KeyInForce(KeyUse.ATTEST, chained.keys::signer);
    }

    private void sequence(List<Entry> more) {
        entries.addAll(more);
        topics.append(more);
    }

    private static void run(SigningLoop loop) throws Exception {
        for (int i = 0; i < 200; i++) {
            loop.turn();
        }
    }

    private void assertSignedBy(DeclaredKey key, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            Signed signed = topics.attestations().get(i);
            assertThat(signed.statement().sequence().value()).isEqualTo(i);
            DsseSignature signature =
                    ((Signed.Own) signed.signature()).signatures().get(0);
            assertThat(signature.keyid()).as("entry " + i).isEqualTo(key.keyid());
            Bytes message = Dsse.pae(Dsse.STATEMENT, signed.statement().bytes());
            assertThat(checker.verify(key, message, signature.sig())).isTrue();
        }
    }

    @Test
    void theNewKeySignsFromTheEntryTheLogNamesOn() throws Exception {
        sequence(chained.entries(4));
        sequence(List.of(chained.rotation(next, 8)));
        sequence(chained.entries(10));
        run(loop(local()));
        assertThat(topics.attestations()).hasSize(15);
        assertSignedBy(chained.attestKey(), 0, 8);
        assertSignedBy(next.key(), 8, 15);
    }

    @Test
    void aRestartAnywhereAroundTheRotationGoesOnWithTheRightKey() throws Exception {
        sequence(chained.entries(4));
        sequence(List.of(chained.rotation(next, 0)));
        SoftSigner third = Chained.freshAttestKey();
        sequence(chained.entries(3));
        sequence(List.of(chained.rotation(third, 0)));
        sequence(chained.entries(3));
        run(loop(local()));
        for (int left = 0; left <= 12; left++) {
            topics.rollBack(left);
            run(loop(local()));
            assertThat(topics.attestations()).as("left " + left).hasSize(12);
            assertSignedBy(chained.attestKey(), 0, 5);
            assertSignedBy(next.key(), 5, 9);
            assertSignedBy(third.key(), 9, 12);
        }
    }

    @Test
    void withoutTheNewKeyItSignsUpToTheRotationAndStopsSayingWhichKeyIsMissing() throws Exception {
        sequence(chained.entries(4));
        sequence(List.of(chained.rotation(
                next,
                0,
                new dev.terraseal.keys.local.LocalKeys(temp.resolve("authority"))
                        .signer(chained.log.keys(KeyUse.AUTHORITY)))));
        sequence(chained.entries(3));
        SigningLoop loop = loop(local());
        assertThatThrownBy(() -> run(loop))
                .isInstanceOf(RefusedEntryException.class)
                .hasMessageContainingAll(
                        "entry 5 is to be signed by attest key " + next.key().keyid(), "separated by commas");
        assertSignedBy(chained.attestKey(), 0, 5);
        assertThat(topics.attestations()).hasSize(5);
        assertThatThrownBy(() -> run(loop(local()))).hasMessageContaining("entry 5 is to be signed by");
        chained.keys.store(List.of(next));
        run(loop(local()));
        assertSignedBy(next.key(), 5, 8);
    }

    @Test
    void aKeyEventTheAuthorityDidNotSignIsNeverNotarised() throws Exception {
        MessageSigner thief = chained.attest();
        sequence(chained.entries(4));
        sequence(List.of(chained.rotation(next, 0, thief)));
        chained.keys.store(List.of(next));
        sequence(chained.entries(3));
        assertThatThrownBy(() -> run(loop(local())))
                .isInstanceOf(RefusedEntryException.class)
                .hasMessageContainingAll("sequence 4 changes keys", "0 valid authority signatures; 1 are needed");
        assertThat(topics.attestations()).hasSize(4);
    }

    @Test
    void aFileOfKeyEventsServesALogWhoseTopicsWereTrimmed() throws Exception {
        sequence(chained.entries(4));
        Entry rotation = chained.rotation(next, 0);
        KeyEvent event = KeyEvent.fromBody(Statement.parse(rotation.statement()).body());
        KeyHistory history = new KeyHistory(List.of(new KeyHistory.At(new SequenceNumber(4), event)));
        Path file = temp.resolve("key-events.jsonl");
        Files.write(file, history.bytes().toByteArray());
        AttestKeys keys =
                AttestKeys.from(chained.log, KeyHistory.parse(Bytes.wrap(Files.readAllBytes(file))), local(), checker);
        assertThat(keys.known()).isEqualTo(new SequenceNumber(5));
        assertThat(keys.at(new SequenceNumber(4)).get(0).key()).isEqualTo(chained.attestKey());
        assertThat(keys.at(new SequenceNumber(5)).get(0).key()).isEqualTo(next.key());
        keys.learn(List.of(rotation));
        assertThat(keys.ring().events()).isEqualTo(1);
    }

    /** The old key is at hand; whether the new one is, nobody says before {@link #answers}. */
    private KeyInForce awayFor(DeclaredKey key) {
        return new KeyInForce(KeyUse.ATTEST, declared -> {
            if (!answers && declared.contains(key)) {
                asked++;
                throw KeyUnavailableException.passing("kms:GetPublicKey got no answer", null);
            }
            return chained.keys.signer(declared);
        });
    }

    private SigningLoop waiting(DeclaredKey key) {
        return new Loops(chained, topics, Runnable::run)
                .atOnce()
                .at(() -> now)
                .within(5, 1 << 20)
                .loop(awayFor(key));
    }

    @Test
    void aKeyServiceThatDoesNotAnswerAtARotationIsWaitedForInOrder() throws Exception {
        sequence(chained.entries(4));
        sequence(List.of(chained.rotation(next, 8)));
        sequence(chained.entries(10));
        SigningLoop loop = waiting(next.key());
        run(loop);
        assertSignedBy(chained.attestKey(), 0, 8);
        assertThat(topics.attestations()).hasSize(8);
        assertThat(asked).as("not again before the pause is over").isEqualTo(1);
        assertThat(loop.status().putOff()).isEqualTo(1);
        assertThat(loop.status().lastPutOff()).contains("entry 8", "does not answer", "kms:GetPublicKey");
        now = now.minusSeconds(3600);
        run(loop);
        assertThat(asked).isEqualTo(2);
        answers = true;
        now = now.plusMillis(KeyLookup.PAUSE_MILLIS);
        run(loop);
        assertThat(topics.attestations()).hasSize(15);
        assertSignedBy(next.key(), 8, 15);
        assertThat(loop.status().lastPutOff()).isEmpty();
    }

    @Test
    void aKeyServiceThatDoesNotAnswerAtAStartIsWaitedFor() throws Exception {
        sequence(chained.entries(4));
        SigningLoop loop = waiting(chained.attestKey());
        run(loop);
        assertThat(topics.attestations()).isEmpty();
        assertThat(loop.status().phase()).isEqualTo(SignerStatus.Phase.STARTING);
        assertThat(loop.status().lastPutOff()).contains("entry 0", "does not answer");
        answers = true;
        now = now.plusMillis(KeyLookup.PAUSE_MILLIS);
        run(loop);
        assertThat(topics.attestations()).hasSize(4);
        assertThat(loop.status().phase()).isEqualTo(SignerStatus.Phase.SIGNING);
    }

    @Test
    void aStopEndsTheWaitForAKeyService() throws Exception {
        sequence(chained.entries(4));
        SigningLoop loop = new Loops(chained, topics, Runnable::run).loop(awayFor(chained.attestKey()));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> run = thread.submit(() -> {
                loop.run();
                return null;
            });
            while (loop.status().putOff() == 0) {
                Thread.onSpinWait();
            }
            loop.stop();
            run.get(120, TimeUnit.SECONDS);
        } finally {
            thread.shutdownNow();
        }
        assertThat(topics.attestations()).isEmpty();
    }
}
