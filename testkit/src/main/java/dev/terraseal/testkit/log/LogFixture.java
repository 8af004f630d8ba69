package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.chain.Appended;
import dev.terraseal.core.chain.Chain;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.Proofs;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A log that is complete and true: every entry chained, signed and under checkpoints. Tests break copies of it. */
public final class LogFixture {
    /** When the first entry was received; each next one a second later. */
    public static final Timestamp BEGIN = Timestamp.parse("2026-11-22T01:02:00.000Z");

    private final FixtureKeys keys;
    private final LogDeclaration log;
    private final Chain chain = new Chain();
    private final Map<StreamId, StreamHead> streams = new HashMap<>();
    private final List<FixtureEntry> entries = new ArrayList<>();
    private final List<Digest> leaves = new ArrayList<>();
    private final Map<Long, Envelope> batches = new TreeMap<>();
    private final Map<Long, Bytes> headsFiles = new TreeMap<>();
    private final FixtureSigners signers;
    private final FixtureAuthority authority;
    private LogHead head;

    public LogFixture(String origin) {
        this(origin, FixtureKeys.fresh(), null);
    }

    private LogFixture(String origin, FixtureKeys keys, @Nullable Long seed) {
        this.keys = keys;
        this.signers = new FixtureSigners(keys, seed);
        LogOrigin name = new LogOrigin(origin);
        log = keys.declare(name);
        head = LogHead.birth(name, log.genesis());
        authority = new FixtureAuthority(log.genesis(), keys.authority());
    }

    /** A log whose keys and signatures are the same in every run; two of one seed are two histories of one log. */
    public static LogFixture seeded(String origin, long seed) {
        return new LogFixture(origin, FixtureKeys.seeded(seed), seed);
    }

    /** Three applies in one stream and a heads entry: the log of the first page of the documentation. */
    public static LogFixture small() {
        LogFixture fixture = new LogFixture("terraseal.local/e07c41d2");
        fixture.apply("acme/infra/prod", 1, 2).apply("acme/infra/prod", 2, 3);
        return fixture.apply("acme/infra/prod", 3, 4).heads();
    }

    /** An apply that took the state of {@code stream} from one serial to another. */
    public LogFixture apply(String stream, long serialBefore, long serialAfter) {
        return apply(stream, "lineage-of-" + stream, serialBefore, serialAfter);
    }

    public LogFixture apply(String stream, String lineage, long serialBefore, long serialAfter) {
        return append(
                PredicateType.TERRAFORM_APPLY,
                stream,
                "apply-" + entries.size(),
                FixtureEvents.applied(lineage, serialBefore, serialAfter));
    }

    public LogFixture append(PredicateType type, String stream, String id, Json.Obj body) {
        return append(FixtureEvents.of(type, stream, id, body));
    }

    /** Appends any event, signed by itself. */
    public LogFixture append(Event event) {
        return append(event, secondsLater());
    }

    /** Appends an event that was received at any time: the broker's clock may step. */
    public LogFixture append(Event event, Timestamp received) {
        Bytes statement = chain(event, received);
        entries.add(FixtureEntry.own(statement, signers.sign(Dsse.pae(Dsse.STATEMENT, statement))));
        return this;
    }

    private Timestamp secondsLater() {
        return new Timestamp(BEGIN.epochMillis() + 1000L * entries.size());
    }

    private Bytes chain(Event event, Timestamp received) {
        Appended appended = chain.append(head, streams.get(event.stream()), event, received);
        head = appended.log();
        streams.put(event.stream(), appended.stream());
        leaves.add(Merkle.leafHash(appended.entryHash()));
        return appended.statement();
    }

    /** The heads entry over everything so far. */
    public LogFixture heads() {
        Heads heads = Heads.of(streams);
        headsFiles.put((long) entries.size(), heads.file());
        return append(heads.event(new SequenceNumber(entries.size()), secondsLater()));
    }

    /** A log gone wrong: the stream's next entry begins it again, as if it had none. */
    public LogFixture forkStream(String stream) {
        streams.remove(new StreamId(stream));
        return this;
    }

    /** A log gone wrong: a heads entry that leaves a stream out. */
    public LogFixture headsWithout(String stream) {
        StreamHead hidden = streams.remove(new StreamId(stream));
        heads();
        streams.put(new StreamId(stream), Objects.requireNonNull(hidden));
        return this;
    }

    /** From here on statements are signed by {@code statements}, whatever they are declared for. */
    public LogFixture signingWith(TestKey... statements) {
        signers.statements(List.of(statements));
        return this;
    }

    /** A batch of applies under one signature. */
    public LogFixture batch(String stream, int count) {
        int first = entries.size();
        for (int i = 0; i < count; i++) {
            Event event = FixtureEvents.failed(stream, "batched-" + first + "-" + i);
            entries.add(FixtureEntry.own(chain(event, secondsLater()), List.of()));
        }
        List<Digest> batchLeaves = List.copyOf(leaves.subList(first, leaves.size()));
        SequenceNumber begin = new SequenceNumber(first);
        Digest root = Merkle.root(batchLeaves);
        batches.put((long) first, signers.envelope(new Batch(log.origin(), log.genesis(), begin, count, root)));
        Proofs proofs = new Proofs(new NaiveTree(batchLeaves), count);
        for (int i = 0; i < count; i++) {
            Bytes statement = entries.get(first + i).statement();
            entries.set(first + i, FixtureEntry.inBatch(statement, first, NaiveTree.path(proofs, i)));
        }
        return this;
    }

    /** A key event that hands statements over to a new key, authorised as it has to be. */
    public LogFixture rotateAttestKey() {
        return rotateAttestKey(Algorithm.ECDSA_SHA_256);
    }

    /** The same to a key of any algorithm; of an RSA key the event says where it lives. */
    public LogFixture rotateAttestKey(Algorithm algorithm) {
        TestKey next = signers.next(KeyUse.ATTEST, algorithm, entries.size());
        introduce("rotate", next);
        signers.statements(List.of(next));
        return this;
    }

    /** A key event that hands checkpoints over to a new key: those that cover an entry after it. */
    public LogFixture rotateLogKey() {
        TestKey next = signers.next(KeyUse.LOG, Algorithm.ED25519_SHA_512, entries.size());
        introduce("rotate", next);
        signers.checkpoints(entries.size(), next);
        return this;
    }

    /** A key event that adds another key for checkpoints; the log goes on signing with the one it has. */
    public TestKey addLogKey() {
        TestKey added = signers.next(KeyUse.LOG, Algorithm.ED25519_SHA_512, entries.size());
        introduce("add", added);
        return added;
    }

    /** A log gone wrong: a key event that {@code forger} signed and not the authority; its key signs from here on. */
    public LogFixture forgeRotation(TestKey forger) {
        TestKey next = signers.next(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256, entries.size());
        keyEvent(authority.forged(next, entries.size() + 1L, forger));
        signers.statements(List.of(next));
        return this;
    }

    /** A key event that adds a second key, which holds against quantum computers; from here on both sign. */
    public LogFixture addSecondKey(KeyUse use) {
        TestKey second = signers.nextSecond(use, entries.size());
        introduce("add", second);
        signers.second(second);
        return this;
    }

    private void introduce(String action, TestKey next) {
        keyEvent(authority.introducing(action, next, entries.size() + 1L));
    }

    /** A key event that withdraws the first attest key, compromised from an entry on. */
    public LogFixture revokeFirstAttestKey(long compromisedFrom) {
        return revoke(keys.attest(), compromisedFrom);
    }

    public LogFixture revoke(TestKey key, long compromisedFrom) {
        return keyEvent(authority.revoking(key, compromisedFrom));
    }

    private LogFixture keyEvent(Json.Obj body) {
        return append(PredicateType.KEY_EVENT, StreamId.KEYS.value(), "key-event-" + entries.size(), body);
    }

    /** The checkpoint of a size, signed by the log key. */
    public SignedNote checkpoint(long size) {
        return signers.sign(new Checkpoint(log.origin(), size, Merkle.root(leaves.subList(0, (int) size))));
    }

    /** The newest checkpoint with the log's second line, made at a time. */
    public SignedNote headSignedTwice(Instant at) {
        return signers.signTwice(new Checkpoint(log.origin(), size(), Merkle.root(leaves)), at);
    }

    /** Proofs about the tree of a size. */
    public Proofs proofs(long size) {
        return new Proofs(new NaiveTree(leaves), size);
    }

    public LogDeclaration log() {
        return log;
    }

    public List<FixtureEntry> entries() {
        return List.copyOf(entries);
    }

    public int size() {
        return entries.size();
    }

    /** Batch envelopes by their first entry. */
    public Map<Long, Envelope> batches() {
        return new TreeMap<>(batches);
    }

    /** The leaves behind each heads entry, by its sequence. */
    public Map<Long, Bytes> headsFiles() {
        return new TreeMap<>(headsFiles);
    }

    /** The leaves behind the heads entry at {@code sequence}. */
    public Bytes headsFile(long sequence) {
        return Objects.requireNonNull(headsFiles.get(sequence), "no heads entry at " + sequence);
    }

    /** The keys that sign statements now. */
    public List<TestKey> signing() {
        return signers.statements();
    }

    public TestKey exportKey() {
        return keys.export();
    }

    public TestKey logKey() {
        return keys.log();
    }

    /** The keys that sign checkpoints, each from the entry a checkpoint has to cover. */
    public TreeMap<Long, TestKey> logKeys() {
        return signers.logKeys();
    }

    public TestKey secondLogKey() {
        return signers.second();
    }

    public TestKey attestKey() {
        return keys.attest();
    }

    public TestKey ingestKey() {
        return keys.ingest();
    }
}
