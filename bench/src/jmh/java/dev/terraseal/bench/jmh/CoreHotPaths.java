package dev.terraseal.bench.jmh;

import dev.terraseal.bench.sequencer.BenchEvents;
import dev.terraseal.bench.sequencer.BenchLog;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.chain.Appended;
import dev.terraseal.core.chain.Chain;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.core.merkle.InclusionPaths;
import dev.terraseal.core.merkle.LeafPaths;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.keys.Providers;
import dev.terraseal.schemas.DecodedEvent;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.SchemaSource;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What every event goes through, one step at a time: decode, chain, hash, parse, sign, verify, tree. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CoreHotPaths {
    private static final int BATCH = 1_000;
    private static final Timestamp RECEIVED = Timestamp.parse("2026-11-22T01:02:04.000Z");

    private final Chain chain = new Chain();
    private final EventDecoder decoder = new EventDecoder(BenchEvents.SCHEMA, SchemaSource.none());
    private final SignatureChecker checker = new SignatureChecker(Providers.fast());
    private final List<Digest> leaves = new ArrayList<>();
    private BenchLog log;
    private LogHead head;
    private byte[] avro;
    private Event event;
    private Bytes statement;
    private Bytes message;
    private Bytes signature;
    private LeafPaths paths;
    private InclusionPaths checked;
    private int at;

    @Setup
    public void make() {
        log = BenchLog.make(new SecureRandom());
        BenchEvents events = new BenchEvents(
                BenchEvents.Kind.CLAIMED, 0, 4711, log.ingest(), log.declaration().genesis());
        avro = events.next();
        event = events.nextEvent();
        head = LogHead.birth(log.declaration().origin(), log.declaration().genesis());
        statement = append().statement();
        message = Dsse.pae(Dsse.STATEMENT, statement);
        signature = log.attest().sign(message);
        for (int i = 0; i < BATCH; i++) {
            leaves.add(Merkle.leafHash(Digest.of(Bytes.utf8("entry " + i))));
        }
        paths = new LeafPaths(leaves);
    }

    @Benchmark
    public DecodedEvent decodeAnEvent() throws Exception {
        return decoder.decode(avro);
    }

    @Benchmark
    public Appended append() {
        return chain.append(head, null, event, RECEIVED);
    }

    @Benchmark
    public Statement parseAStatement() {
        return Statement.parse(statement);
    }

    @Benchmark
    public Json.Obj parseCanonicalJson() {
        return CanonicalJson.parseObject(statement);
    }

    @Benchmark
    public Digest hashAStatement() {
        return Digest.of(statement);
    }

    @Benchmark
    public Bytes signP256() {
        return log.attest().sign(message);
    }

    @Benchmark
    public boolean verifyP256() throws Exception {
        return checker.verify(log.attest().key(), message, signature);
    }

    @Benchmark
    public Digest rootOfAThousand() {
        CompactRange tree = new CompactRange();
        leaves.forEach(tree::append);
        return tree.root();
    }

    @Benchmark
    public LeafPaths treeOfABatchOfAThousand() {
        return new LeafPaths(leaves);
    }

    /** One of a batch's paths after the one before it, as the archiver and the verifier meet them. */
    @Benchmark
    public InclusionPaths verifyABatchPath() throws Exception {
        InclusionPaths known = at == 0 ? new InclusionPaths(BATCH, paths.root()) : checked;
        known.verify(at, leaves.get(at), paths.of(at));
        checked = known;
        at = (at + 1) % BATCH;
        return known;
    }
}
