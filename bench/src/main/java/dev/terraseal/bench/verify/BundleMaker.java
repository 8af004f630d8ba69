package dev.terraseal.bench.verify;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.chain.Appended;
import dev.terraseal.core.chain.Chain;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.core.merkle.LeafPaths;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.RangeProof;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.schemas.DecodedEvent;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.SchemaSource;
import dev.terraseal.schemas.sample.SampleEvents;
import dev.terraseal.verifier.bundle.BundleNames;
import dev.terraseal.verifier.bundle.Manifest;
import dev.terraseal.verifier.bundle.PopulationRow;
import dev.terraseal.verifier.entries.Counts;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A bundle of sample applies in a directory, each signed by itself or in batches. */
final class BundleMaker {
    /** Entries under one batch signature. */
    static final int BATCH = 1000;

    private static final int STREAMS = 256;
    private static final int SCHEMA = 1;

    private final Path directory;
    private final int count;
    private final boolean batched;
    private final BenchKeys keys = BenchKeys.fresh();
    private final Chain chain = new Chain();
    private final SampleEvents samples = new SampleEvents(new Random(20261122), STREAMS);
    private final EventDecoder decoder = new EventDecoder(SCHEMA, SchemaSource.none());
    private final Map<StreamId, StreamHead> streams = new HashMap<>();
    private final CompactRange tree = new CompactRange();
    private final Counts counts = new Counts();
    private final List<Manifest.Shard> shards = new ArrayList<>();
    private final LogDeclaration log;
    private LogHead head;
    private OutputStream population = OutputStream.nullOutputStream();

    BundleMaker(Path directory, int count, boolean batched) {
        this.directory = directory;
        this.count = count;
        this.batched = batched;
        LogOrigin origin = new LogOrigin("terraseal.local/bench");
        this.log = LogDeclaration.of(new LogDeclaration.Fields(
                origin,
                Digest.of(keys.attest().key().spki()).bytes(),
                Timestamp.parse("2026-11-22T00:00:00.000Z"),
                keys.declared(),
                1,
                List.of(keys.authority().key().keyid()),
                512 * 1024,
                64,
                Duration.ofMinutes(10),
                Duration.ofDays(3650),
                null));
        this.head = LogHead.birth(origin, log.genesis());
    }

    /** Who hears how far it is. */
    interface Progress {
        void at(long done);
    }

    /** Writes the bundle; returns the genesis it is trusted by. */
    Digest write(Progress progress) throws IOException, SigningException {
        Files.createDirectories(directory.resolve("artifacts"));
        Files.createDirectories(directory.resolve("proofs"));
        try (OutputStream signatures = open(BundleNames.SIGNATURES);
                OutputStream batches = batched ? open(BundleNames.BATCHES) : OutputStream.nullOutputStream();
                OutputStream rows = open(BundleNames.POPULATION)) {
            population = rows;
            PopulationRow.HEADER.writeTo(rows);
            int shard = count > BundleNames.SHARD ? BundleNames.SHARD : count;
            for (int first = 0; first < count; first += shard) {
                writeShard(first, Math.min(shard, count - first), signatures, batches);
                progress.at(Math.min(first + shard, count));
            }
        }
        put(BundleNames.LOG, log.bytes());
        put(
                BundleNames.CHECKPOINT,
                NoteSigner.sign(new Checkpoint(log.origin(), count, tree.root()), keys.log())
                        .bytes());
        put(BundleNames.EXPORT_KEY, Bytes.utf8(keys.export().key().pem()));
        put(BundleNames.RANGE, new RangeProof(0, count, List.of(), List.of()).bytes());
        put(BundleNames.MANIFEST, manifest());
        seal();
        return log.genesis();
    }

    private Bytes manifest() {
        return new Manifest(
                        new Manifest.Query(Manifest.Kind.ALL, null, null, null, null),
                        0,
                        count - 1L,
                        count,
                        counts.byType(),
                        counts.byOutcome(),
                        count,
                        shards,
                        Timestamp.parse("2026-11-22T02:00:00.000Z"),
                        "0.1.0")
                .bytes();
    }

    private void writeShard(int first, int size, OutputStream signatures, OutputStream batches) throws IOException {
        List<Bytes> statements = new ArrayList<>();
        List<Digest> leaves = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Appended appended = append(first + i);
            statements.add(appended.statement());
            leaves.add(Merkle.leafHash(appended.entryHash()));
            tree.append(Merkle.leafHash(appended.entryHash()));
        }
        writeArtifacts(first, statements);
        if (batched) {
            for (int from = 0; from < size; from += BATCH) {
                writeBatch(first + from, leaves.subList(from, Math.min(from + BATCH, size)), signatures, batches);
            }
            return;
        }
        String[] lines = new String[size];
        IntStream.range(0, size).parallel().forEach(i -> lines[i] = signed(first + i, statements.get(i)));
        for (String line : lines) {
            signatures.write(Bytes.utf8(line + "\n").toByteArray());
        }
    }

    private void writeArtifacts(int first, List<Bytes> statements) throws IOException {
        if (count <= BundleNames.SHARD) {
            for (int i = 0; i < statements.size(); i++) {
                put(BundleNames.artifact(new SequenceNumber(first + i)), statements.get(i));
            }
            return;
        }
        String file = BundleNames.shard(new SequenceNumber(first));
        try (OutputStream out = open(file)) {
            for (Bytes statement : statements) {
                statement.writeTo(out);
                out.write('\n');
            }
        }
        shards.add(new Manifest.Shard(file, first, first + statements.size() - 1L, statements.size()));
    }

    private Appended append(int index) throws IOException {
        DecodedEvent decoded = decoder.decodeOwn(samples.next().avro().toByteArray());
        if (!(decoded instanceof DecodedEvent.Decoded right)) {
            throw new IllegalStateException("a sample event is no event: " + decoded);
        }
        Event event = right.event();
        Timestamp received =
                new Timestamp(Timestamp.parse("2026-11-22T01:00:00.000Z").epochMillis() + index);
        Appended appended = chain.append(head, streams.get(event.stream()), event, received);
        head = appended.log();
        streams.put(event.stream(), appended.stream());
        Statement statement = Statement.parse(appended.statement());
        counts.add(statement);
        PopulationRow.of(statement).csv().writeTo(population);
        return appended;
    }

    private String signed(long sequence, Bytes statement) {
        return Json.obj()
                .put("sequence", sequence)
                .put(
                        "signatures",
                        Json.arr(List.of(
                                sign(Dsse.pae(Dsse.STATEMENT, statement)).json())))
                .build()
                .bytes()
                .utf8();
    }

    private DsseSignature sign(Bytes message) {
        return new DsseSignature(keys.attest().key().keyid(), keys.attest().sign(message));
    }

    private void writeBatch(long first, List<Digest> leaves, OutputStream signatures, OutputStream batches)
            throws IOException {
        Bytes payload = new Batch(
                        log.origin(), log.genesis(), new SequenceNumber(first), leaves.size(), Merkle.root(leaves))
                .payload();
        Envelope envelope = new Envelope(Dsse.BATCH, payload, List.of(sign(Dsse.pae(Dsse.BATCH, payload))));
        envelope.bytes().writeTo(batches);
        batches.write('\n');
        LeafPaths paths = new LeafPaths(leaves);
        for (int i = 0; i < leaves.size(); i++) {
            Json.Obj line = Json.obj()
                    .put("batch", first)
                    .put(
                            "path",
                            Json.texts(paths.of(i).stream().map(Digest::base64).toList()))
                    .put("sequence", first + i)
                    .build();
            line.bytes().writeTo(signatures);
            signatures.write('\n');
        }
    }

    private OutputStream open(String name) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(directory.resolve(name)), 1 << 16);
    }

    private void put(String name, Bytes content) throws IOException {
        Files.write(directory.resolve(name), content.toByteArray());
    }

    private void seal() throws IOException {
        TreeMap<String, Path> files = new TreeMap<>();
        try (var all = Files.walk(directory)) {
            all.filter(Files::isRegularFile)
                    .forEach(file -> files.put(directory.relativize(file).toString(), file));
        }
        StringBuilder sums = new StringBuilder();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            sums.append(Digest.of(Bytes.wrap(Files.readAllBytes(file.getValue())))
                            .hex())
                    .append("  ")
                    .append(file.getKey())
                    .append('\n');
        }
        Bytes bytes = Bytes.utf8(sums.toString());
        put(BundleNames.SUMS, bytes);
        put(BundleNames.SEAL, keys.export().sign(bytes));
    }
}
