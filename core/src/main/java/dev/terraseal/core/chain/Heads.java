package dev.terraseal.core.chain;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.CanonicalBuffer;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a heads entry commits to: one leaf for every stream with an entry below it, reserved streams included, sorted by
 * id. It is what makes "these are all k entries of this stream" provable.
 */
public final class Heads {
    private final SortedMap<StreamId, StreamHead> streams;

    private Heads(SortedMap<StreamId, StreamHead> streams) {
        this.streams = streams;
    }

    public static Heads of(Map<StreamId, StreamHead> streams) {
        return new Heads(new TreeMap<>(streams));
    }

    public SortedMap<StreamId, StreamHead> streams() {
        return java.util.Collections.unmodifiableSortedMap(streams);
    }

    /** JCS {@code {count, entryHash, id, sequence}} of each stream, in the order of the tree. */
    public List<Bytes> leaves() {
        List<Bytes> leaves = new ArrayList<>(streams.size());
        CanonicalBuffer out = new CanonicalBuffer(256);
        for (Map.Entry<StreamId, StreamHead> stream : streams.entrySet()) {
            out.reset();
            leaf(out, stream.getKey(), stream.getValue());
            leaves.add(out.toBytes());
        }
        return leaves;
    }

    private static void leaf(CanonicalBuffer out, StreamId id, StreamHead head) {
        out.ascii("{\"count\":").number(head.count());
        out.ascii(",\"entryHash\":").hexString(head.entryHash());
        out.ascii(",\"id\":\"").ascii(id.value());
        out.ascii("\",\"sequence\":").number(head.newest().value()).raw((byte) '}');
    }

    public Digest root() {
        List<Digest> hashes = new ArrayList<>(streams.size());
        for (Bytes leaf : leaves()) {
            hashes.add(Merkle.leafHash(leaf));
        }
        return Merkle.root(hashes);
    }

    /** The bytes of {@code heads/<sequence>.json}: the JCS array of the leaves. */
    public Bytes file() {
        CanonicalBuffer out = new CanonicalBuffer(160 * streams.size() + 2);
        out.raw((byte) '[');
        boolean first = true;
        for (Map.Entry<StreamId, StreamHead> stream : streams.entrySet()) {
            if (!first) {
                out.raw((byte) ',');
            }
            first = false;
            leaf(out, stream.getKey(), stream.getValue());
        }
        return out.raw((byte) ']').toBytes();
    }

    /** Reads {@link #file()} back; leaves out of order or of another form are refused. */
    public static Heads parseFile(Bytes file) {
        if (!(CanonicalJson.parse(file) instanceof Json.Arr array)) {
            throw new JsonException("a heads file is an array of leaves");
        }
        TreeMap<StreamId, StreamHead> streams = new TreeMap<>();
        for (Json.Obj leaf : array.objects()) {
            leaf.requireMembers("count", "entryHash", "id", "sequence");
            StreamId id = new StreamId(leaf.string("id"));
            if (!streams.isEmpty() && streams.lastKey().compareTo(id) >= 0) {
                throw new JsonException("the leaves of a heads file are not sorted by stream: " + id);
            }
            streams.put(
                    id,
                    new StreamHead(
                            leaf.number("count"),
                            new SequenceNumber(leaf.number("sequence")),
                            leaf.digest("entryHash")));
        }
        return new Heads(streams);
    }

    /** The event of the heads entry that gets {@code sequence}; its clock is the append time of the control record. */
    public Event event(SequenceNumber sequence, Timestamp receivedAt) {
        Bytes subjects = new CanonicalBuffer(128)
                .ascii("[{\"digest\":{\"sha256\":")
                .hexString(Digest.of(file()))
                .ascii("},\"name\":\"heads\"}]")
                .toBytes();
        Bytes body = Json.obj()
                .put("root", root().base64())
                .put("streams", streams.size())
                .build()
                .bytes();
        return new Event(
                PredicateType.HEADS,
                StreamId.LOG,
                new EventId("heads-" + sequence.value()),
                receivedAt,
                subjects,
                body,
                null,
                null,
                null,
                null);
    }
}
