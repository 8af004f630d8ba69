package dev.terraseal.testkit.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The invariants of ARCHITECTURE as an archive shows them. Each violation begins with the name of its check. They hold at
 * every moment, a crash between two writes included.
 */
public final class ArchiveInvariants {
    /** Sequences 0 to n − 1 exist exactly once, in the log and in every stream. */
    public static final String DENSE = "dense";
    /** prevHash of k is the entry hash of k − 1, in the log and in every stream; the first is the genesis. */
    public static final String CHAINED = "chained";
    /** An accepted (stream, id) appears exactly once. */
    public static final String ONCE = "once";
    /** Every heads entry, and the file behind it, is what the entries below it say. */
    public static final String HEADS_TRUE = "heads-true";
    /** Every checkpoint is signed by the log and is the root of a prefix of the one history. */
    public static final String ONE_HISTORY = "one-history";
    /** No checkpoint is larger than what segments, heads files and tiles hold. */
    public static final String NOT_AHEAD = "not-ahead-of-data";
    /** Every tile and entry bundle is made of the entries. */
    public static final String TILES = "tiles-are-entries";

    private final ArchiveView archive;
    private final Json.Obj log;
    private final Digest genesis;
    private final List<String> violations = new ArrayList<>();
    private final List<Bytes> hashes = new ArrayList<>();
    private final TreeMap<String, Stream> streams = new TreeMap<>();
    private final Set<String> ids = new HashSet<>();
    private final Map<Long, Bytes> headsFiles = new HashMap<>();
    private final TreeMap<Long, Bytes> logKeys = new TreeMap<>();
    private long newestCheckpoint = -1;

    private record Stream(long count, String hash, long sequence) {}

    private ArchiveInvariants(ArchiveView archive) {
        this.archive = archive;
        Bytes declaration = archive.get("log.json");
        this.log = CanonicalJson.parseObject(declaration);
        this.genesis = Digest.of(declaration);
        takeLogKeys(log, 0);
    }

    /** What is violated, empty if all holds. */
    public static List<String> violations(ArchiveView archive) {
        ArchiveInvariants checks = new ArchiveInvariants(archive);
        checks.readSegments();
        checks.readCheckpoints();
        checks.readTiles();
        return checks.violations;
    }

    /** The statements of the archive in order. */
    public static List<Bytes> statements(ArchiveView archive) {
        List<Bytes> statements = new ArrayList<>();
        for (String name : archive.names("segments/")) {
            for (String line : archive.get(name).utf8().lines().toList()) {
                statements.add(CanonicalJson.parseObject(Bytes.utf8(line)).base64("payload"));
            }
        }
        return statements;
    }

    /** The size of the newest checkpoint. */
    public static long checkpointSize(ArchiveView archive) {
        ArchiveInvariants checks = new ArchiveInvariants(archive);
        checks.readSegments();
        checks.readCheckpoints();
        return checks.newestCheckpoint;
    }

    private void require(boolean holds, String check, String what) {
        if (!holds) {
            violations.add(check + ": " + what);
        }
    }

    private void readSegments() {
        for (String name : archive.names("segments/")) {
            String first = "%020d".formatted(hashes.size());
            require(name.equals("segments/" + first + ".jsonl"), DENSE, name + " where " + first + " was expected");
            String text = archive.get(name).utf8();
            require(text.endsWith("\n") && text.length() > 1, DENSE, name + " does not end in a newline");
            for (String line : text.lines().toList()) {
                entry(CanonicalJson.parseObject(Bytes.utf8(line)).base64("payload"));
            }
        }
    }

    private void entry(Bytes statement) {
        Json.Obj json = CanonicalJson.parseObject(statement);
        Json.Obj predicate = json.object("predicate");
        Json.Obj chain = predicate.object("chain");
        Json.Obj place = chain.object("stream");
        String id = place.string("id");
        long sequence = hashes.size();
        String newest =
                hashes.isEmpty() ? genesis.hex() : hashes.get(hashes.size() - 1).hex();
        Stream before = streams.getOrDefault(id, new Stream(0, genesis.hex(), -1));

        require(chain.string("log").equals(log.string("origin")), CHAINED, "entry " + sequence + " of another log");
        require(chain.number("sequence") == sequence, DENSE, "entry " + chain.number("sequence") + " at " + sequence);
        require(
                chain.string("prevHash").equals(newest),
                CHAINED,
                "entry " + sequence + " does not follow the one before");
        require(place.number("sequence") == before.count(), DENSE, "stream " + id + " at entry " + sequence);
        require(place.string("prevHash").equals(before.hash()), CHAINED, "stream " + id + " at entry " + sequence);
        require(
                ids.add(id + "\u0000" + predicate.object("event").string("id")),
                ONCE,
                "entry " + sequence + " holds an event that is in the log already");
        if (json.string("predicateType").endsWith("/heads/v1")) {
            heads(sequence, json, predicate.object("body"));
        }
        if (json.string("predicateType").endsWith("/key-event/v1")) {
            Bytes change = predicate.object("body").object("authorisation").base64("payload");
            takeLogKeys(CanonicalJson.parseObject(change), sequence + 1);
        }
        Bytes hash = Digest.of(statement).bytes();
        streams.put(id, new Stream(before.count() + 1, hash.hex(), sequence));
        hashes.add(hash);
    }

    private void heads(long sequence, Json.Obj statement, Json.Obj body) {
        List<Bytes> leaves = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        streams.forEach((id, stream) -> {
            String leaf = "{\"count\":" + stream.count() + ",\"entryHash\":\"" + stream.hash() + "\",\"id\":\"" + id
                    + "\",\"sequence\":" + stream.sequence() + "}";
            texts.add(leaf);
            leaves.add(Bytes.utf8(leaf));
        });
        Bytes file = Bytes.utf8("[" + String.join(",", texts) + "]");
        headsFiles.put(sequence, file);
        Json.Obj subject = statement.array("subject").objects().get(0);
        require(
                body.string("root").equals(NaiveRoot.of(leaves).base64()) && body.number("streams") == leaves.size(),
                HEADS_TRUE,
                "entry " + sequence + " states other heads than the entries below it");
        require(
                subject.object("digest").string("sha256").equals(Digest.of(file).hex()),
                HEADS_TRUE,
                "the subject of entry " + sequence + " is not its file");
        Bytes kept = archive.find("heads/%020d.json".formatted(sequence));
        require(
                kept == null || kept.equals(file),
                HEADS_TRUE,
                "heads file " + sequence + " is not what the entry says");
    }

    /** The log key that key events and log.json say signs a checkpoint of a size: at its newest entry. */
    private Bytes logKey(Bytes note) {
        long size = Long.parseLong(note.utf8().split("\n", -1)[1]);
        return logKeys.floorEntry(Math.max(0, size - 1)).getValue();
    }

    private void takeLogKeys(Json.Obj keys, long from) {
        for (Json.Obj key : keys.array("keys").objects()) {
            // Another algorithm signs a second line beside the log's own, which is no part of checkpoints/<size>.
            if (key.string("use").equals("log") && key.string("algorithm").equals("ED25519_SHA_512")) {
                logKeys.put(Math.max(from, key.has("from") ? key.number("from") : 0), key.base64("spki"));
            }
        }
    }

    private void readCheckpoints() {
        for (String name : archive.names("checkpoints/")) {
            NaiveNote note = NaiveNote.read(archive.get(name), logKey(archive.get(name)));
            checkpoint(name, note);
            require(name.equals("checkpoints/" + note.size()), ONE_HISTORY, name + " holds size " + note.size());
            newestCheckpoint = Math.max(newestCheckpoint, note.size());
        }
        Bytes mutable = archive.find("checkpoint");
        if (mutable != null) {
            NaiveNote note = NaiveNote.read(mutable, logKey(mutable));
            checkpoint("checkpoint", note);
            require(note.size() <= newestCheckpoint, ONE_HISTORY, "checkpoint is ahead of checkpoints/");
        }
        headsFiles.forEach((sequence, file) -> require(
                sequence >= newestCheckpoint || archive.find("heads/%020d.json".formatted(sequence)) != null,
                NOT_AHEAD,
                "a checkpoint covers heads entry " + sequence + ", whose file is not there"));
    }

    private void checkpoint(String name, NaiveNote note) {
        require(note.signed() && note.origin().equals(log.string("origin")), ONE_HISTORY, name + " is not the log's");
        if (note.size() > hashes.size()) {
            require(false, NOT_AHEAD, name + " of size " + note.size() + " over " + hashes.size() + " entries");
        } else {
            String root = NaiveRoot.of(hashes.subList(0, (int) note.size())).base64();
            require(note.root().equals(root), ONE_HISTORY, name + " has another root than the entries");
        }
    }

    private void readTiles() {
        new TileChecks(archive, hashes).violations(newestCheckpoint).forEach(what -> require(false, TILES, what));
    }
}
