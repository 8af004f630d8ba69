package dev.terraseal.verifier.entries;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Derives every heads entry again from the entries below it. */
public final class HeadsCheck {
    private final Findings findings;
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
            return;
        }
        checked++;
        List<Json> leaves = new ArrayList<>();
        List<Digest> hashes = new ArrayList<>();
        for (Map.Entry<StreamId, StreamHead> head : new TreeMap<>(streams).entrySet()) {
            Json leaf = leaf(head.getKey(), head.getValue());
            leaves.add(leaf);
            hashes.add(Merkle.leafHash(leaf.bytes()));
        }
        Bytes derived = Json.arr(leaves).bytes();
        newestLeaves = derived;
        String root = Merkle.root(hashes).base64();
        try {
            Json.Obj body = statement.body();
            if (body.number("streams") != leaves.size() || !body.string("root").equals(root)) {
                fail(
                        entry,
                        "says " + body.number("streams") + " streams under root " + body.string("root")
                                + "; the entries below it give " + leaves.size() + " under " + root);
            }
            if (!subject(statement).equals(Digest.of(derived).hex())) {
                fail(entry, "its subject is not the digest of the leaves the entries below it give");
            }
        } catch (JsonException unreadable) {
            fail(entry, "its body cannot be read: " + unreadable.getMessage());
        }
    }

    private void checkForm(Entry entry, Statement statement) {
        try {
            if (!statement.id().value().equals("heads-" + entry.index())
                    || !statement.occurredAt().equals(statement.receivedAt())
                    || statement.source() != null
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
