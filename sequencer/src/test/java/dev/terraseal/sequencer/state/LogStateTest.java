package dev.terraseal.sequencer.state;

import static dev.terraseal.sequencer.LogFixture.RECEIVED;
import static dev.terraseal.sequencer.LogFixture.TOPICS;
import static dev.terraseal.sequencer.LogFixture.apply;
import static dev.terraseal.sequencer.LogFixture.event;
import static dev.terraseal.sequencer.LogFixture.tick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.index.Fingerprint;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.keys.local.SoftKey;
import dev.terraseal.keys.local.SoftSigner;
import dev.terraseal.sequencer.LogFixture;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LogStateTest {
    private final LogFixture log = new LogFixture();
    private final LogState state = new LogState(log.declaration, TOPICS, log.checker);
    private final List<Entry> entries = new ArrayList<>();
    private long source;

    /** Offers an event; an accepted one becomes an entry. */
    private Decision offer(LogState to, Event event) {
        Decision decision = to.decide(event, RECEIVED);
        if (decision instanceof Decision.Accept accepted) {
            to.apply(accepted, source);
            entries.add(new Entry(
                    accepted.appended().sequence().value(),
                    source,
                    accepted.appended().entryHash(),
                    accepted.appended().statement()));
        }
        source++;
        return decision;
    }

    private Decision offer(Event event) {
        return offer(state, event);
    }

    private static RejectionReason refused(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Refuse.class);
        return ((Decision.Refuse) decision).rejection().reason();
    }

    private Statement newest() {
        return Statement.parse(entries.get(entries.size() - 1).statement());
    }

    private LogState replayed() {
        LogState again = new LogState(log.declaration, TOPICS, log.checker);
        entries.forEach(again::replay);
        return again;
    }

    @Test
    void everyEntryFollowsTheOneBeforeItInLogAndStream() {
        for (int i = 0; i < 300; i++) {
            assertThat(offer(apply("acme/" + i % 7, "run-" + i))).isInstanceOf(Decision.Accept.class);
        }
        Digest newest = log.declaration.genesis();
        TreeMap<String, Statement> byStream = new TreeMap<>();
        for (int i = 0; i < entries.size(); i++) {
            Statement statement = Statement.parse(entries.get(i).statement());
            assertThat(statement.sequence().value()).isEqualTo(i);
            assertThat(statement.link().prevHash()).isEqualTo(newest);
            Statement before = byStream.put(statement.stream().value(), statement);
            assertThat(statement.link().streamSequence().value())
                    .isEqualTo(
                            before == null ? 0 : before.link().streamSequence().value() + 1);
            assertThat(statement.link().streamPrevHash())
                    .isEqualTo(before == null ? log.declaration.genesis() : before.entryHash());
            newest = Digest.of(entries.get(i).statement());
        }
        assertThat(state.head().newest()).isEqualTo(newest);
    }

    @Test
    void theSameEventTwiceIsAnsweredWithItsFirstSequence() {
        offer(apply("acme/prod", "run-1"));
        offer(apply("acme/prod", "run-2"));
        assertThat(offer(apply("acme/prod", "run-1"))).isInstanceOfSatisfying(Decision.Duplicate.class, duplicate -> {
            assertThat(duplicate.sequence()).isZero();
            assertThat(duplicate.contentDigest())
                    .isEqualTo(apply("acme/prod", "run-1").contentDigest());
        });
        assertThat(state.head().size()).isEqualTo(2);
    }

    @Test
    void anIdWithOtherContentIsRefusedWithBothDigests() {
        Event first = apply("acme/prod", "run-1", "succeeded");
        Event second = apply("acme/prod", "run-1", "failed");
        offer(first);
        Decision decision = offer(second);
        assertThat(refused(decision)).isEqualTo(RejectionReason.ID_CONFLICT);
        assertThat(((Decision.Refuse) decision).sequence()).isZero();
        assertThat(((Decision.Refuse) decision).rejection().message())
                .contains(first.contentDigest().hex().substring(0, 16))
                .contains(second.contentDigest().hex());
    }

    @Test
    void oneIdInTwoStreamsIsTwoEvents() {
        offer(apply("acme/prod", "run-1"));
        assertThat(offer(apply("acme/dev", "run-1"))).isInstanceOf(Decision.Accept.class);
    }

    @Test
    void aForcedCollisionOfKeysIsRejectedAndNeverAcknowledgedAsADuplicate() {
        LogState collides = new LogState(
                log.declaration,
                TOPICS,
                log.checker,
                new Limits(512 * 1024, 100, 10_000),
                (stream, id, content) -> new Fingerprint(1, 1, content.word(0)));
        offer(collides, apply("acme/prod", "run-1"));
        assertThat(refused(offer(collides, apply("acme/prod", "run-2")))).isEqualTo(RejectionReason.ID_CONFLICT);
        assertThat(offer(collides, apply("acme/prod", "run-1"))).isInstanceOf(Decision.Duplicate.class);
    }

    @Test
    void aStatementOverTheLimitIsRefusedAndTheNextOneAccepted() {
        Event large = event(
                PredicateType.TERRAFORM_APPLY,
                "acme/prod",
                "large",
                "{\"outcome\":\"" + "x".repeat(512 * 1024) + "\"}",
                null);
        assertThat(refused(offer(large))).isEqualTo(RejectionReason.TOO_LARGE);
        assertThat(offer(apply("acme/prod", "run-1"))).isInstanceOf(Decision.Accept.class);
    }

    private LogState limited(Limits limits) {
        return new LogState(
                log.declaration,
                TOPICS,
                log.checker,
                limits,
                (stream, id, content) -> Fingerprint.of(Digest.sha256(), stream, id, content));
    }

    @Test
    void aStreamTooManyIsRefusedAndKnownStreamsGoOn() {
        LogState small = limited(new Limits(512 * 1024, 2, 10_000));
        offer(small, apply("a", "1"));
        offer(small, apply("b", "1"));
        assertThat(refused(offer(small, apply("c", "1")))).isEqualTo(RejectionReason.TOO_MANY_STREAMS);
        assertThat(offer(small, apply("a", "2"))).isInstanceOf(Decision.Accept.class);
        assertThat(offer(small, tick())).isInstanceOf(Decision.Accept.class);
    }

    /** Names are what the heads file is made of. */
    @Test
    void theNamesOfStreamsHaveALimitTogether() {
        LogState small = limited(new Limits(512 * 1024, 100, 10));
        offer(small, apply("a-long-name", "1"));
        assertThat(refused(offer(small, apply("b", "1")))).isEqualTo(RejectionReason.TOO_MANY_STREAMS);
        assertThat(offer(small, apply("a-long-name", "2"))).isInstanceOf(Decision.Accept.class);
    }

    @Test
    void reservedStreamsTakeNothingButTheirOwn() {
        assertThat(refused(offer(apply("_log", "run-1")))).isEqualTo(RejectionReason.RESERVED_STREAM);
        assertThat(refused(offer(apply("_keys", "run-1")))).isEqualTo(RejectionReason.RESERVED_STREAM);
        assertThat(refused(offer(apply("_other/x", "run-1")))).isEqualTo(RejectionReason.RESERVED_STREAM);
        assertThat(refused(offer(event(PredicateType.HEADS, "acme/prod", "tick", "{}", null))))
                .isEqualTo(RejectionReason.RESERVED_STREAM);
        assertThat(refused(
                        offer(event(PredicateType.HEADS, "_log", "heads-0", "{\"root\":\"x\",\"streams\":1}", null))))
                .isEqualTo(RejectionReason.RESERVED_STREAM);
        assertThat(refused(offer(event(PredicateType.KEY_EVENT, "acme/prod", "k", "{\"authorisation\":{}}", null))))
                .isEqualTo(RejectionReason.RESERVED_STREAM);
    }

    @Test
    void aHeadsEntrySaysWhereEveryStreamStands() {
        offer(apply("b", "1"));
        offer(apply("a", "1"));
        offer(apply("b", "2"));
        offer(tick());
        Statement heads = newest();
        TreeMap<StreamId, StreamHead> expected = new TreeMap<>();
        expected.put(new StreamId("a"), new StreamHead(1, new dev.terraseal.core.bytes.SequenceNumber(1), hash(1)));
        expected.put(new StreamId("b"), new StreamHead(2, new dev.terraseal.core.bytes.SequenceNumber(2), hash(2)));
        assertThat(heads.type()).isEqualTo(PredicateType.HEADS);
        assertThat(heads.stream()).isEqualTo(StreamId.LOG);
        assertThat(heads.id().value()).isEqualTo("heads-3");
        assertThat(heads.occurredAt()).isEqualTo(RECEIVED);
        assertThat(heads.body().number("streams")).isEqualTo(2);
        assertThat(heads.body().string("root"))
                .isEqualTo(Heads.of(expected).root().base64());
        assertThat(heads.subjects().objects().get(0).object("digest").digest("sha256"))
                .isEqualTo(Digest.of(Heads.of(expected).file()));
    }

    private Digest hash(int sequence) {
        return entries.get(sequence).entryHash();
    }

    @Test
    void aTickWithoutNewEntriesLeavesNothing() {
        assertThat(offer(tick())).isInstanceOf(Decision.Nothing.class);
        offer(apply("a", "1"));
        assertThat(offer(tick())).isInstanceOf(Decision.Accept.class);
        assertThat(offer(tick())).isInstanceOf(Decision.Nothing.class);
        offer(apply("a", "2"));
        assertThat(offer(tick())).isInstanceOf(Decision.Accept.class);
    }

    @Test
    void aVerifiedIdentityCountsOnlyWithAnIngestKeysSignatureOverThisContentAndThisLog() {
        Event plain = apply("acme/prod", "run-1");
        Digest genesis = log.declaration.genesis();
        SoftSigner stranger = LogFixture.signer(KeyUse.INGEST, SoftKey.newEd25519(new SecureRandom()));
        assertThat(refused(offer(log.verified(plain, stranger, genesis))))
                .isEqualTo(RejectionReason.UNAUTHENTICATED_IDENTITY);
        assertThat(refused(offer(log.verified(plain, log.attest, genesis))))
                .isEqualTo(RejectionReason.UNAUTHENTICATED_IDENTITY);
        assertThat(refused(offer(log.verified(plain, log.ingest, Digest.of()))))
                .isEqualTo(RejectionReason.UNAUTHENTICATED_IDENTITY);
        Event moved = log.verified(apply("acme/prod", "run-2"), log.ingest, genesis);
        Event stolen =
                event(PredicateType.TERRAFORM_APPLY, "acme/prod", "run-1", "{\"outcome\":\"failed\"}", moved.source());
        assertThat(refused(offer(stolen))).isEqualTo(RejectionReason.UNAUTHENTICATED_IDENTITY);
        assertThat(offer(log.verified(plain, log.ingest, genesis))).isInstanceOf(Decision.Accept.class);
        assertThat(newest().source()).isNotNull();
    }

    @Test
    void verifiedWithoutASignatureBesideItIsRefused() {
        Bytes bare = Bytes.utf8("{\"verified\":{\"issuer\":\"x\",\"method\":\"oidc\",\"subject\":\"y\"}}");
        assertThat(refused(offer(event(PredicateType.TERRAFORM_APPLY, "a", "1", "{\"outcome\":\"failed\"}", bare))))
                .isEqualTo(RejectionReason.UNAUTHENTICATED_IDENTITY);
        Bytes claimed = Bytes.utf8("{\"claimed\":{\"actor\":\"me\"}}");
        assertThat(offer(event(PredicateType.TERRAFORM_APPLY, "a", "1", "{\"outcome\":\"failed\"}", claimed)))
                .isInstanceOf(Decision.Accept.class);
    }

    @Test
    void anAuthorisedKeyEventPutsItsKeyInForceAndAnUnauthorisedOneIsRefused() {
        SoftSigner added = LogFixture.signer(KeyUse.INGEST, SoftKey.newEd25519(new SecureRandom()));
        Digest genesis = log.declaration.genesis();
        Event plain = apply("acme/prod", "run-1");
        assertThat(refused(offer(log.addKey("k1", added, log.attest, genesis))))
                .isEqualTo(RejectionReason.UNAUTHORISED_KEY_EVENT);
        assertThat(refused(offer(log.verified(plain, added, genesis))))
                .isEqualTo(RejectionReason.UNAUTHENTICATED_IDENTITY);
        assertThat(offer(log.addKey("k1", added, log.authority, genesis))).isInstanceOf(Decision.Accept.class);
        assertThat(offer(log.verified(plain, added, genesis))).isInstanceOf(Decision.Accept.class);

        LogState again = replayed();
        assertThat(again.decide(log.verified(apply("acme/prod", "run-2"), added, genesis), RECEIVED))
                .isInstanceOf(Decision.Accept.class);
    }

    @Test
    void chunksAndTailGiveBackTheSameStateWhereverTheCutIs() {
        long seed = 4711;
        Random random = new Random(seed);
        List<Chunk> chunks = new ArrayList<>();
        SoftSigner added = LogFixture.signer(KeyUse.INGEST, SoftKey.newEd25519(new SecureRandom()));
        for (int i = 0; i < 700; i++) {
            offer(apply("acme/" + random.nextInt(40), "run-" + random.nextInt(650)));
            if (i == 50) {
                offer(log.addKey("k1", added, log.authority, log.declaration.genesis()));
            }
            if (random.nextInt(50) == 0) {
                offer(tick());
            }
            chunks.addAll(state.unwritten());
            state.unwritten().clear();
        }
        Event probe = log.verified(apply("acme/new", "probe"), added, log.declaration.genesis());
        Bytes expected = statement(state.decide(probe, RECEIVED));
        for (int stored = 0; stored <= chunks.size(); stored++) {
            LogState again = new LogState(log.declaration, TOPICS, log.checker);
            for (int i = 0; i < stored; i++) {
                again.restore(ChunkCodec.decode(ChunkCodec.encode(chunks.get(i))));
            }
            entries.subList((int) again.head().size(), entries.size()).forEach(again::replay);
            assertThat(again.head()).as("seed %d, %d chunks", seed, stored).isEqualTo(state.head());
            assertThat(again.nextSource()).isEqualTo(state.nextSource());
            assertThat(again.ids().size()).isEqualTo(state.ids().size());
            assertThat(statement(again.decide(probe, RECEIVED))).isEqualTo(expected);
            assertThat(statement(again.decide(tick(), RECEIVED))).isEqualTo(statement(state.decide(tick(), RECEIVED)));
            assertThat(new ArrayList<>(again.unwritten())).isEqualTo(chunks.subList(stored, chunks.size()));
        }
    }

    private static Bytes statement(Decision decision) {
        return ((Decision.Accept) decision).appended().statement();
    }

    @Test
    void aTailThatDoesNotJoinUpStops() {
        for (int i = 0; i < 5; i++) {
            offer(apply("a", "run-" + i));
        }
        LogState gap = new LogState(log.declaration, TOPICS, log.checker);
        gap.replay(entries.get(0));
        assertThatThrownBy(() -> gap.replay(entries.get(2)))
                .isInstanceOf(DamagedLogException.class)
                .hasMessageContaining("entry 2 of terraseal.sequenced says sequence 2 where 1 belongs");
        LogState foreign = new LogState(new LogFixture("terraseal.local/other").declaration, TOPICS, log.checker);
        assertThatThrownBy(() -> foreign.replay(entries.get(0))).hasMessageContaining("does not follow");
        Entry first = entries.get(0);
        Entry changed = new Entry(
                0, 0, first.entryHash(), Bytes.utf8(first.statement().utf8().replace("succeeded", "partiallyX")));
        LogState fresh = new LogState(log.declaration, TOPICS, log.checker);
        assertThatThrownBy(() -> fresh.replay(changed)).hasMessageContaining("does not follow");
    }

    @Test
    void anIdTwiceInTheLogStops() {
        offer(apply("a", "run-1"));
        java.util.concurrent.atomic.AtomicLong different = new java.util.concurrent.atomic.AtomicLong();
        LogState forgetful = new LogState(
                log.declaration,
                TOPICS,
                log.checker,
                new Limits(512 * 1024, 100, 10_000),
                (stream, id, content) -> new Fingerprint(different.incrementAndGet(), 0, 0));
        forgetful.replay(entries.get(0));
        offer(forgetful, apply("a", "run-1"));
        assertThatThrownBy(this::replayed).hasMessageContaining("entry 1 belongs to entry 0 already");
    }
}
