package dev.terraseal.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.merkle.InclusionProof;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.Providers;
import dev.terraseal.schemas.BatchPath;
import dev.terraseal.signer.MemoryTopics.Failure;
import dev.terraseal.signer.SigningForm.Mode;
import dev.terraseal.signer.check.Entry;
import dev.terraseal.signer.check.RefusedEntryException;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.directory.DirectoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The production loop in one thread, signing in batches. */
class BatchSigningTest {
    private static final SigningForm TENS = new SigningForm(Mode.BATCH, 1_000, 10, Duration.ofMillis(50));

    @TempDir
    private Path temp;

    private final SignatureChecker checker = new SignatureChecker(Providers.fast());
    private final MemoryShelf shelf = new MemoryShelf();
    private final List<Entry> entries = new ArrayList<>();
    private Chained chained;
    private MemoryTopics topics;
    private Instant now = Instant.parse("2026-11-22T01:02:03Z");
    private int calls;

    @BeforeEach
    void begin() throws Exception {
        chained = Chained.born(temp);
        topics = new MemoryTopics(chained.log);
    }

    private MessageSigner counting() throws Exception {
        MessageSigner real = chained.attest();
        return new MessageSigner() {
            @Override
            public DeclaredKey key() {
                return real.key();
            }

            @Override
            public Bytes sign(Bytes message) throws SigningException {
                calls++;
                return real.sign(message);
            }
        };
    }

    private SigningLoop loop(SigningForm form, BatchShelf on) throws Exception {
        return loop(form, on, KeyInForce.only(counting()));
    }

    private SigningLoop loop(SigningForm form, BatchShelf on, KeyInForce keys) {
        InstantSource clock = () -> now;
        return new Loops(chained, topics, Runnable::run)
                .in(form, on)
                .at(clock)
                .atOnce()
                .within(64, 1 << 20)
                .loop(keys);
    }

    private void sequence(List<Entry> more) {
        entries.addAll(more);
        topics.append(more);
    }

    /** A clock that goes on by 10 ms a turn, so that a batch that waits is closed in the end. */
    private void run(SigningLoop loop) throws Exception {
        for (int i = 0; i < 150; i++) {
            loop.turn();
            now = now.plusMillis(10);
        }
    }

    /** Every entry once, in order, signed by itself or in a batch that is kept. Returns the firsts of the batches. */
    private Set<Long> assertAttested() throws Exception {
        List<Signed> attestations = topics.attestations();
        assertThat(attestations).hasSameSizeAs(entries);
        Set<Long> firsts = new TreeSet<>();
        for (int i = 0; i < entries.size(); i++) {
            Signed signed = attestations.get(i);
            assertThat(signed.statement().bytes()).isEqualTo(entries.get(i).statement());
            assertThat(signed.source()).isEqualTo(entries.get(i).source());
            if (signed.signature() instanceof Signed.Own own) {
                assertHolds(
                        Dsse.pae(Dsse.STATEMENT, signed.statement().bytes()),
                        own.signatures().get(0),
                        i);
            } else if (signed.signature() instanceof Signed.InBatch batch) {
                assertInBatch(signed, batch.place());
                firsts.add(batch.place().first().value());
            }
        }
        return firsts;
    }

    private void assertInBatch(Signed signed, BatchPath place) throws Exception {
        Envelope envelope = shelf.kept().get(place.first().value());
        Batch batch = Batch.parse(envelope.payload());
        assertThat(batch.log()).isEqualTo(chained.log.origin());
        assertThat(batch.genesis()).isEqualTo(chained.log.genesis());
        assertThat(batch.first()).isEqualTo(place.first());
        assertThat(batch.covers(signed.statement().sequence())).isTrue();
        InclusionProof.verify(
                signed.statement().sequence().value() - batch.first().value(),
                batch.count(),
                Merkle.leafHash(signed.statement().entryHash()),
                place.path(),
                batch.root());
        for (DsseSignature signature : envelope.signatures()) {
            assertHolds(
                    envelope.signedBytes(),
                    signature,
                    signed.statement().sequence().value());
        }
    }

    private void assertHolds(Bytes message, DsseSignature signature, long index) throws Exception {
        AttestKeys keys = new AttestKeys(chained.log, KeyInForce.only(chained.attest()), checker);
        keys.learn(entries.stream()
                .filter(entry -> entry.stream().equals(dev.terraseal.core.bytes.StreamId.KEYS))
                .toList());
        DeclaredKey key = keys.ring()
                .inForce(KeyUse.ATTEST, signature.keyid(), new SequenceNumber(index))
                .orElseThrow();
        assertThat(checker.verify(key, message, signature.sig())).isTrue();
    }

    @Test
    void aBatchTakesOneCallAndItsEntriesNameItsEnvelope() throws Exception {
        sequence(chained.entries(25));
        run(loop(TENS, shelf));
        assertThat(assertAttested()).containsExactly(0L, 10L, 20L);
        assertThat(calls).isEqualTo(3);
    }

    @Test
    void aBatchOfOneIsSignedDirectly() throws Exception {
        SigningLoop loop = loop(TENS, shelf);
        for (int i = 0; i < 3; i++) {
            sequence(chained.entries(1));
            run(loop);
        }
        assertThat(assertAttested()).isEmpty();
        assertThat(shelf.calls()).isZero();
    }

    @Test
    void aBatchWaitsForOthersOnlyAsLongAsItMayAlsoIfTheClockIsSetBack() throws Exception {
        SigningLoop loop = loop(TENS, shelf);
        loop.turn();
        sequence(chained.entries(3));
        loop.turn();
        loop.turn();
        loop.turn();
        assertThat(topics.attestations()).isEmpty();
        now = now.minusSeconds(3_600);
        // It is signed in one turn and written in the next.
        loop.turn();
        loop.turn();
        assertThat(topics.attestations()).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(
            value = Failure.class,
            names = {"LOST", "PERSISTED_BUT_FAILED"})
    void aCommitThatFailedIsNeitherLostNorDoubledAndNoTwoBatchesHaveOnePlace(Failure failure) throws Exception {
        sequence(chained.entries(14));
        SigningLoop first = loop(TENS, shelf);
        topics.failNextCommit(failure);
        assertThatThrownBy(() -> run(first)).isInstanceOf(TimeoutException.class);
        Map<Long, Envelope> before = shelf.kept();
        assertThat(before).containsOnlyKeys(0L);
        // The next life could make a larger batch of the same entries; the one that is kept counts.
        sequence(chained.entries(16));
        run(loop(new SigningForm(Mode.BATCH, 1_000, 30, Duration.ofMillis(50)), shelf));
        assertThat(assertAttested()).containsExactly(0L, 10L);
        assertThat(shelf.kept()).containsAllEntriesOf(before);
    }

    @Test
    void aShorterBatchThanTheOneThatIsKeptWaitsForItsEntries() throws Exception {
        List<Entry> all = chained.entries(20);
        sequence(all.subList(0, 10));
        SigningLoop dying = loop(TENS, shelf);
        topics.failNextCommit(Failure.LOST);
        assertThatThrownBy(() -> run(dying)).isInstanceOf(TimeoutException.class);
        // After a loss of power the topic is made again, and the signer is sooner there than the entries are.
        topics.replaceSequenced(List.of());
        entries.clear();
        SigningLoop next = loop(new SigningForm(Mode.BATCH, 1_000, 4, Duration.ofMillis(50)), shelf);
        sequence(all.subList(0, 4));
        run(next);
        assertThat(topics.attestations()).isEmpty();
        sequence(all.subList(4, 20));
        run(next);
        assertThat(assertAttested()).containsExactly(0L, 10L, 14L, 18L);
    }

    @Test
    void whereOtherEntriesCameThanThoseThatWereSignedInABatchItStops() throws Exception {
        sequence(chained.entries(10));
        SigningLoop dying = loop(TENS, shelf);
        topics.failNextCommit(Failure.LOST);
        assertThatThrownBy(() -> run(dying)).isInstanceOf(TimeoutException.class);
        topics.replaceSequenced(chained.again().entries(12, "other"));
        assertThatThrownBy(() -> run(loop(new SigningForm(Mode.BATCH, 1_000, 12, Duration.ofMillis(50)), shelf)))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("entries 0 to 9")
                .hasMessageContaining("would fork the log");
        assertThat(topics.attestations()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Failure.class,
            names = {"LOST", "PERSISTED_BUT_FAILED"})
    void aStoreThatDoesNotAnswerIsAskedAgainWithTheSameEnvelope(Failure failure) throws Exception {
        sequence(chained.entries(10));
        shelf.failNext(failure);
        SigningLoop loop = loop(TENS, shelf);
        run(loop);
        assertThat(assertAttested()).containsExactly(0L);
        assertThat(calls).isEqualTo(1);
        assertThat(loop.status().putOff()).isEqualTo(1);
        assertThat(loop.status().lastPutOff()).isEqualTo("keep " + failure);
    }

    @Test
    void aStoreThatRefusesForGoodStopsTheSignerBeforeAnythingNamesTheBatch() throws Exception {
        sequence(chained.entries(10));
        SigningLoop loop = loop(TENS, (first, made, keys) -> {
            throw StoreException.lasting("the bucket has no Object Lock");
        });
        assertThatThrownBy(() -> run(loop))
                .isInstanceOf(SigningException.class)
                .hasMessage("a batch was not kept: the bucket has no Object Lock");
        assertThat(topics.attestations()).isEmpty();
    }

    @Test
    void aBatchNeverCrossesAChangeOfKeys() throws Exception {
        var next = Chained.freshAttestKey();
        sequence(chained.entries(6));
        sequence(List.of(chained.rotation(next, 9)));
        sequence(chained.entries(8));
        run(loop(TENS, shelf, new KeyInForce(KeyUse.ATTEST, chained.keys::signer)));
        assertThat(assertAttested()).containsExactly(0L, 9L);
        assertThat(shelf.kept().get(0L).signatures().get(0).keyid())
                .isEqualTo(chained.attestKey().keyid());
        assertThat(shelf.kept().get(9L).signatures().get(0).keyid())
                .isEqualTo(next.key().keyid());
    }

    @Test
    void whatIsGoodBeforeARefusedEntryIsStillSignedWithoutWaiting() throws Exception {
        sequence(chained.entries(7));
        topics.append(List.of(chained.again().entries(8, "other").get(7)));
        assertThatThrownBy(() -> run(loop(TENS, shelf))).isInstanceOf(RefusedEntryException.class);
        assertThat(assertAttested()).containsExactly(0L);
    }

    @Test
    void autoGoesOverToBatchesNearTheQuotaAndBackAfterTenQuietSeconds() throws Exception {
        SigningLoop loop = loop(new SigningForm(Mode.AUTO, 20, 10, Duration.ofMillis(50)), shelf);
        sequence(chained.entries(10));
        run(loop);
        assertThat(loop.status().inBatches()).isFalse();
        sequence(chained.entries(40));
        run(loop);
        assertThat(loop.status().inBatches()).isTrue();
        Set<Long> firsts = assertAttested();
        assertThat(firsts).isNotEmpty();
        assertThat(firsts).allMatch(first -> first >= 10);
        now = now.plusSeconds(5);
        run(loop);
        assertThat(loop.status().inBatches()).as("eight seconds are not ten").isTrue();
        now = now.plusSeconds(3);
        run(loop);
        assertThat(loop.status().inBatches()).isFalse();
        sequence(chained.entries(5));
        run(loop);
        assertThat(assertAttested()).isEqualTo(firsts);
    }

    @Test
    void autoGoesOverWhenACallIsPutOff() throws Exception {
        Changeover changeover = new Changeover(new SigningForm(Mode.AUTO, 1_000, 10, Duration.ZERO), 0);
        assertThat(changeover.batches(10, 5, 0)).isFalse();
        assertThat(changeover.batches(20, 5, 1)).isTrue();
        assertThat(changeover.batches(9_000, 5, 1)).isTrue();
        assertThat(changeover.batches(9_500, 5, 2)).isTrue();
        assertThat(changeover.batches(19_400, 5, 2)).isTrue();
        assertThat(changeover.batches(19_600, 5, 2)).isFalse();
    }

    @Test
    void inAnArchiveWhatAStrangerPutInABatchesPlaceStopsNothingThatIsOurs() throws Exception {
        ArchivedBatches archived = new ArchivedBatches(
                DirectoryStore.open(temp.resolve("archive")), chained.log, checker, InstantSource.system());
        Batch batch = new Batch(
                chained.log.origin(),
                chained.log.genesis(),
                SequenceNumber.ZERO,
                2,
                Objects.requireNonNull(chained.log.genesis()));
        Envelope ours = signed(batch, chained.attest());
        assertThat(archived.keep(SequenceNumber.ZERO, ours, KeyRing.of(chained.log)))
                .isEqualTo(ours);
        Envelope again = signed(batch, chained.attest());
        assertThat(archived.keep(SequenceNumber.ZERO, again, KeyRing.of(chained.log)))
                .as("the older one counts")
                .isEqualTo(ours);
        Envelope theirs = signed(batch, Chained.freshAttestKey());
        assertThatThrownBy(() -> archived.keep(new SequenceNumber(7), theirs, KeyRing.of(chained.log)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Envelope signed(Batch batch, MessageSigner signer) throws SigningException {
        Bytes payload = batch.payload();
        return new Envelope(
                Dsse.BATCH,
                payload,
                List.of(new DsseSignature(signer.key().keyid(), signer.sign(Dsse.pae(Dsse.BATCH, payload)))));
    }
}
