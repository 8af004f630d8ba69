package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import dev.terraseal.core.statement.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The bundle a log has to give, written a second time from FORMATS section 8 and with nothing of the exporter's. */
public final class FixtureExport {
    /** Above so many artifacts a bundle keeps them in shards. */
    private static final int SHARD = 10_000;

    private final LogFixture fixture;
    private final int size;
    private final SignedNote head;
    private final Proofs proofs;
    private final TreeMap<String, Bytes> files = new TreeMap<>();
    private final List<Long> older = new ArrayList<>();
    private final Set<Integer> hidden = new HashSet<>();
    private final Set<Integer> hiddenKeyEvents = new HashSet<>();

    /** 0 where the log has none. */
    private final int newestHeads;

    private int closedBy;
    private int keyEventsClosedBy;
    private boolean derived;

    private FixtureExport(LogFixture fixture, SignedNote head) {
        this.fixture = fixture;
        this.size = fixture.size();
        this.head = head;
        this.proofs = fixture.proofs(size);
        this.newestHeads = (int) fixture.headsFiles().keySet().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        this.closedBy = newestHeads;
        this.keyEventsClosedBy = newestHeads;
    }

    /** An export of {@code fixture} as it is now. */
    public static FixtureExport of(LogFixture fixture) {
        return new FixtureExport(fixture, fixture.checkpoint(fixture.size()));
    }

    /** As {@link #of}, with the head as others have cosigned it. */
    public static FixtureExport under(LogFixture fixture, SignedNote head) {
        return new FixtureExport(fixture, head);
    }

    /** Adds a proof that the head continues the checkpoint of {@code size}. */
    public FixtureExport from(long size) {
        older.add(size);
        return this;
    }

    /** A liar's export: of a stream or a filter without these entries, everything else made as if there were none. */
    public FixtureExport leavingOut(Collection<Integer> entries) {
        hidden.addAll(entries);
        return this;
    }

    /** A liar's export: key-events/ without these entries. */
    public FixtureExport hidingKeyEvents(Collection<Integer> entries) {
        hiddenKeyEvents.addAll(entries);
        return this;
    }

    /** A liar's export: key-events/ closed by an older heads entry, with nothing behind it. */
    public FixtureExport closingKeyEventsBy(int heads) {
        keyEventsClosedBy = heads;
        return this;
    }

    /** A liar's export: of a stream up to an older heads entry than the newest. */
    public FixtureExport closingBy(int heads) {
        closedBy = heads;
        return this;
    }

    /** Adds population.csv and report.html. */
    public FixtureExport withDerivedFiles() {
        derived = true;
        return this;
    }

    /** Adds a time stamp of the checkpoint of {@code size}, and the proof that the head continues it. */
    public FixtureExport stamped(long size, String token, UnaryOperator<Bytes> authority) {
        Bytes note = fixture.checkpoint(size).bytes();
        put("timestamps/" + size + "/note", note);
        put("timestamps/" + size + "/" + token + ".tsr", authority.apply(note));
        return size == this.size || older.contains(size) ? this : from(size);
    }

    public BundleBytes whole() {
        return contiguous(0, size, Json.obj().put("kind", "all").build());
    }

    /** The entries {@code [first, end)}. */
    public BundleBytes range(int first, int end) {
        return contiguous(
                first,
                end,
                Json.obj()
                        .put("kind", "range")
                        .put("first", first)
                        .put("end", end)
                        .build());
    }

    private BundleBytes contiguous(int first, int end, Json.Obj query) {
        List<Integer> indices = new ArrayList<>();
        for (int i = first; i < end; i++) {
            indices.add(i);
        }
        try {
            put("proofs/range.json", proofs.range(first, end).bytes());
        } catch (ProofException impossible) {
            throw new IllegalStateException(impossible);
        }
        return finish(indices, query);
    }

    /** A selection of entries, ascending. */
    public BundleBytes filter(List<Integer> indices) {
        put("proofs/entries.jsonl", entryProofs(indices));
        return finish(
                indices, Json.obj().put("kind", "filter").put("text", "by hand").build());
    }

    /** All entries of a stream below the newest heads entry, or that it has none. */
    public BundleBytes stream(String stream) {
        StreamId id = new StreamId(stream);
        int closing = closedBy;
        TreeSet<Integer> indices = new TreeSet<>();
        for (int i = 0; i < closing; i++) {
            if (statement(i).stream().equals(id)) {
                indices.add(i);
            }
        }
        indices.add(closing);
        Json.Builder ends = Json.obj().put("stream", stream).put("end", FixtureStreamEnd.of(fixture, closing, id));
        indices.removeAll(hidden);
        put("proofs/stream.json", ends.build().bytes());
        put("proofs/entries.jsonl", entryProofs(new ArrayList<>(indices)));
        return finish(
                new ArrayList<>(indices),
                Json.obj().put("kind", "stream").put("stream", stream).build());
    }

    private BundleBytes finish(List<Integer> indices, Json.Obj query) {
        put("log.json", fixture.log().bytes());
        put("checkpoint", head.bytes());
        put("export_key.pem", Bytes.utf8(fixture.exportKey().key().pem()));
        for (DeclaredKey key : fixture.log().keys()) {
            put("keys/" + key.keyid().hex() + ".pem", Bytes.utf8(key.pem()));
        }
        put("README.txt", Bytes.utf8("A bundle made by a test.\n"));
        Bytes manifest = new FixtureManifest(fixture, indices).bytes(query, size);
        put("manifest.json", manifest);
        if (derived) {
            FixtureDerived told = new FixtureDerived(fixture, indices);
            put("population.csv", told.population());
            put("report.html", told.report(manifest, fixture));
        }
        putArtifacts("", indices);
        if (newestHeads > 0) {
            putKeyEvents();
        }
        for (long from : older) {
            StringBuilder lines = new StringBuilder();
            try {
                proofs.consistency(from)
                        .forEach(hash -> lines.append(hash.base64()).append('\n'));
            } catch (ProofException impossible) {
                throw new IllegalStateException(impossible);
            }
            put("proofs/consistency/" + from, Bytes.utf8(lines.toString()));
        }
        return BundleBytes.of(files).sealedBy(fixture.exportKey());
    }

    private void putArtifacts(String prefix, List<Integer> indices) {
        StringBuilder signatures = new StringBuilder();
        TreeMap<Long, Bytes> batches = new TreeMap<>();
        StringBuilder shard = new StringBuilder();
        String shardName = "";
        for (int at = 0; at < indices.size(); at++) {
            int i = indices.get(at);
            FixtureEntry entry = fixture.entries().get(i);
            String name = prefix + "artifacts/" + new SequenceNumber(i).padded() + ".json";
            if (indices.size() <= SHARD) {
                put(name, entry.statement());
            } else {
                shardName = at % SHARD == 0 ? name + "l" : shardName;
                shard.append(entry.statement().utf8()).append('\n');
                if (at % SHARD == SHARD - 1 || at == indices.size() - 1) {
                    put(shardName, Bytes.utf8(shard.toString()));
                    shard.setLength(0);
                }
            }
            signatures.append(entry.signatureLine(i).utf8()).append('\n');
            if (entry.batch() >= 0) {
                batches.put(
                        entry.batch(),
                        Objects.requireNonNull(fixture.batches().get(entry.batch()))
                                .bytes());
            }
        }
        put(prefix + "signatures.jsonl", Bytes.utf8(signatures.toString()));
        if (!batches.isEmpty()) {
            StringBuilder lines = new StringBuilder();
            batches.values().forEach(line -> lines.append(line.utf8()).append('\n'));
            put(prefix + "batches.jsonl", Bytes.utf8(lines.toString()));
        }
    }

    private void putKeyEvents() {
        TreeSet<Integer> indices = new TreeSet<>();
        int closing = keyEventsClosedBy;
        for (int i = 0; i < (closing == newestHeads ? size : closing); i++) {
            if (statement(i).stream().equals(StreamId.KEYS)) {
                indices.add(i);
            }
        }
        indices.removeAll(hiddenKeyEvents);
        indices.add(closing);
        List<Integer> all = new ArrayList<>(indices);
        putArtifacts("key-events/", all);
        put("key-events/proofs/entries.jsonl", entryProofs(all));
        put(
                "key-events/proofs/stream.json",
                Json.obj()
                        .put("end", FixtureStreamEnd.of(fixture, closing, StreamId.KEYS))
                        .put("stream", "_keys")
                        .build()
                        .bytes());
    }

    private Bytes entryProofs(List<Integer> indices) {
        StringBuilder lines = new StringBuilder();
        for (int i : indices) {
            lines.append(Json.obj()
                            .put("path", FixtureStreamEnd.texts(NaiveTree.path(proofs, i)))
                            .put("sequence", i)
                            .build()
                            .bytes()
                            .utf8())
                    .append('\n');
        }
        return Bytes.utf8(lines.toString());
    }

    private Statement statement(int index) {
        return Statement.parse(fixture.entries().get(index).statement());
    }

    private void put(String name, Bytes content) {
        files.put(name, content);
    }
}
