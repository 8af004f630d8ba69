package dev.terraseal.verifier.entries;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.CanonicalBuffer;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Derives every heads entry again from the entries below it. */
public final class HeadsCheck {
    private final Findings findings;
    private final Map<StreamId, Leaf> leaves = new HashMap<>();
    /** The leaves as they lie in the tree. */
    private final List<Leaf> order = new ArrayList<>();

    private long checked;
    private long notDerived;
    private @Nullable Bytes newestLeaves;

    public HeadsCheck(Findings findings) {
        this.findings = findings;
    }

    /** Asks {@code statement} if it is a heads entry; {@code streams} is where every stream stands below it. */
    public void check(Entry entry, Statement statement, Map<StreamId, StreamHead> streams, boolean allStreamsKnown) {
        newestLeaves = null;
        if (statement.type() != PredicateType.HEADS) {
            return;
        }
        checkForm(entry, statement);
        if (!allStreamsKnown) {
            notDerived++;
            checkBody(entry, statement);
            return;
        }
        checked++;
        bring(streams);
        Bytes derived = array();
        newestLeaves = derived;
        String root =
                Merkle.root(order.stream().map(leaf -> leaf.hash).toList()).base64();
        try {
            Json.Obj body = statement.body();
            if (body.number("streams") != order.size() || !body.string("root").equals(root)) {
                fail(
                        entry,
                        "says " + body.number("streams") + " streams under root " + body.string("root")
                                + "; the entries below it give " + order.size() + " under " + root);
            }
            if (!subject(statement).equals(Digest.of(derived).hex())) {
                fail(entry, "its subject is not the digest of the leaves the entries below it give");
            }
        } catch (JsonException unreadable) {
            fail(entry, "its body cannot be read: " + unreadable.getMessage());
        }
    }

    /** The bytes of {@code heads/<sequence>.json}: a JCS array of the leaves. */
    private Bytes array() {
        CanonicalBuffer out = new CanonicalBuffer(256 * (order.size() + 1));
        out.raw((byte) '[');
        for (int i = 0; i < order.size(); i++) {
            if (i > 0) {
                out.raw((byte) ',');
            }
            out.raw(order.get(i).bytes);
        }
        return out.raw((byte) ']').toBytes();
    }

    /** Brings the leaves to where the streams are now; one that did not grow keeps its hash. */
    private void bring(Map<StreamId, StreamHead> streams) {
        boolean sorted = streams.size() == leaves.size();
        for (Map.Entry<StreamId, StreamHead> stream : streams.entrySet()) {
            Leaf leaf = leaves.get(stream.getKey());
            if (leaf == null) {
                leaves.put(stream.getKey(), new Leaf(stream.getKey(), stream.getValue()));
                sorted = false;
            } else if (!leaf.head.equals(stream.getValue())) {
                leaf.grow(stream.getValue());
            }
        }
        if (!sorted) {
            leaves.keySet().retainAll(streams.keySet());
            order.clear();
            order.addAll(leaves.values());
            order.sort(Comparator.comparing(leaf -> leaf.stream));
        }
    }

    /** Where a stream stands, as every heads entry has it, and what that hashes to. */
    private static final class Leaf {
        private final StreamId stream;
        private StreamHead head;
        private Bytes bytes;
        private Digest hash;

        Leaf(StreamId stream, StreamHead head) {
            this.stream = stream;
            this.head = head;
            this.bytes = leaf(stream, head).bytes();
            this.hash = Merkle.leafHash(bytes);
        }

        void grow(StreamHead to) {
            head = to;
            bytes = leaf(stream, to).bytes();
            hash = Merkle.leafHash(bytes);
        }
    }

    /** What is asked of a body that nothing here can be compared with: a number of streams, and a root that can be one. */
    private void checkBody(Entry entry, Statement statement) {
        try {
            if (statement.body().number("streams") < 0) {
                fail(entry, "says " + statement.body().number("streams") + " streams");
            }
            Digest.fromBytes(statement.body().base64("root"));
        } catch (IllegalArgumentException unreadable) {
            fail(entry, "its body cannot be read: " + unreadable.getMessage());
        }
    }

    private void checkForm(Entry entry, Statement statement) {
        try {
            if (!statement.id().value().equals("heads-" + entry.index())
                    || !statement.occurredAt().equals(statement.receivedAt())
                    || statement.source() != null
                    || statement.isSalted()
                    || statement.seenCheckpoint() != null
                    || statement.subjects().items().size() != 1
                    || !statement.subjects().objects().get(0).string("name").equals("heads")) {
                fail(entry, "has not the form of a heads entry");
            }
        } catch (JsonException unreadable) {
            fail(entry, "has not the form of a heads entry: " + unreadable.getMessage());
        }
    }

    private static String subject(Statement statement) {
        return statement.subjects().objects().get(0).object("digest").string("sha256");
    }

    /** One leaf as every heads entry has it. */
    public static Json.Obj leaf(StreamId stream, StreamHead head) {
        return Json.obj()
                .put("count", head.count())
                .put("entryHash", head.entryHash())
                .put("id", stream.value())
                .put("sequence", head.newest().value())
                .build();
    }

    /** The bytes of {@code heads/<sequence>.json} for the entry just checked, if it was a heads entry and derived. */
    public @Nullable Bytes newestLeaves() {
        return newestLeaves;
    }

    public long checked() {
        return checked;
    }

    /** Heads entries whose streams begin before what is shown. */
    public long notDerived() {
        return notDerived;
    }

    private void fail(Entry entry, String message) {
        findings.add(Layer.STREAM_HEADS, FindingName.BAD_HEADS, entry.file(), message);
    }
}
