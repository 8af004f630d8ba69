package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.TestKey;
import java.util.ArrayList;
import java.util.List;

/** Rotations and revocations left out or made up, key-events/ made anew around them and sealed with the real export key. */
final class KeyEventEdits {
    private static final String PREFIX = "key-events/";
    private static final Expected NOT_WHOLE = Expected.refused("key-events", "malformed");

    private final Draft draft;
    private final Base base;
    private final BundleBytes whole;
    private final List<Integer> events = new ArrayList<>();

    private KeyEventEdits(Draft draft) {
        this.draft = draft;
        this.base = draft.base();
        this.whole = draft.bundle();
        for (int i = 0; i < base.fixture().size(); i++) {
            Statement statement =
                    Statement.parse(base.fixture().entries().get(i).statement());
            if (statement.stream().equals(StreamId.KEYS)) {
                events.add(i);
            }
        }
    }

    static void add(Draft draft) {
        KeyEventEdits edits = new KeyEventEdits(draft);
        edits.leaveOut();
        edits.signatures();
        edits.proofs();
        edits.files();
    }

    private void leaveOut() {
        for (int from = 0; from < events.size(); from++) {
            for (int to = from + 1; to <= events.size(); to++) {
                List<Integer> hidden = events.subList(from, to);
                BundleBytes liar = whole;
                BundleBytes other =
                        FixtureExport.of(base.fixture()).hidingKeyEvents(hidden).whole();
                for (String name : whole.names(PREFIX)) {
                    liar = liar.without(name);
                }
                for (String name : other.names(PREFIX)) {
                    liar = liar.with(name, other.get(name));
                }
                draft.resealed("key events " + hidden + " left out", liar, NOT_WHOLE);
            }
        }
        if (!events.isEmpty()) {
            BundleBytes none = whole;
            for (String name : whole.names(PREFIX)) {
                none = none.without(name);
            }
            // Entries signed by a rotated key have no known key then, which is found first where there are any.
            draft.resealed(
                    "no key events at all",
                    none,
                    Expected.refused(
                            signedByRotated() ? "signatures" : "key-events",
                            "unknown-key",
                            "missing-file",
                            "key-event-hidden"));
        }
    }

    private boolean signedByRotated() {
        return base.indices().stream().anyMatch(index -> index > events.get(0));
    }

    /** Lines of key-events/signatures.jsonl by real keys that are not the right ones. */
    private void signatures() {
        String file = PREFIX + "signatures.jsonl";
        List<String> lines = whole.lines(file);
        for (int at = 0; at < lines.size(); at++) {
            long index = CanonicalJson.parseObject(Bytes.utf8(lines.get(at))).number("sequence");
            Bytes message = Dsse.pae(
                    Dsse.STATEMENT, base.fixture().entries().get((int) index).statement());
            for (TestKey wrong : List.of(
                    base.fixture().ingestKey(),
                    base.fixture().exportKey(),
                    base.other().attestKey(),
                    base.fixture().logKey())) {
                List<String> changed = new ArrayList<>(lines);
                changed.set(
                        at,
                        Json.obj()
                                .put("sequence", index)
                                .put(
                                        "signatures",
                                        Json.arr(List.of(
                                                new DsseSignature(wrong.key().keyid(), wrong.signOrFail(message))
                                                        .json())))
                                .build()
                                .bytes()
                                .utf8());
                draft.resealed(
                        "key event " + index + " signed by the "
                                + wrong.key().use().text() + " key "
                                + wrong.key().keyid().shortHex(),
                        whole.withLines(file, changed),
                        Expected.refused("key-events", "unknown-key"));
            }
            List<String> fewer = new ArrayList<>(lines);
            fewer.remove(at);
            draft.resealed(
                    "key event " + index + " without its line",
                    whole.withLines(file, fewer),
                    Expected.refused("key-events", "unsigned"));
        }
    }

    private void proofs() {
        String file = PREFIX + "proofs/entries.jsonl";
        List<String> lines = whole.lines(file);
        for (int at = 0; at < lines.size(); at++) {
            Json.Obj line = CanonicalJson.parseObject(Bytes.utf8(lines.get(at)));
            List<List<String>> paths = Paths.broken(line.array("path").strings());
            for (int i = 0; i < paths.size(); i++) {
                List<String> changed = new ArrayList<>(lines);
                changed.set(
                        at,
                        Json.obj()
                                .put("path", Json.texts(paths.get(i)))
                                .put("sequence", line.number("sequence"))
                                .build()
                                .bytes()
                                .utf8());
                draft.resealed(
                        "path " + i + " of key event " + line.number("sequence"),
                        whole.withLines(file, changed),
                        Expected.refused("key-events", "not-included", "malformed"));
            }
        }
    }

    private void files() {
        Expected refused = Expected.refused(
                "key-events", "malformed", "missing-file", "unsigned", "bad-heads", "stranger", "bad-batch");
        for (String name : whole.names(PREFIX)) {
            draft.resealed("no " + name, whole.without(name), refused);
        }
        BundleBytes other = FixtureExport.of(base.other()).whole();
        BundleBytes foreign = whole;
        for (String name : whole.names(PREFIX)) {
            foreign = foreign.without(name);
        }
        for (String name : other.names(PREFIX)) {
            foreign = foreign.with(name, other.get(name));
        }
        draft.resealed(
                "key events of another log of this name",
                foreign,
                Expected.refused("key-events", "not-included", "malformed", "bad-key-event", "bad-heads"));
        List<String> artifacts = whole.names(PREFIX + "artifacts/");
        for (int at = 0; at + 1 < artifacts.size(); at++) {
            draft.resealed(
                    "key events " + at + " and " + (at + 1) + " swapped",
                    whole.with(artifacts.get(at), whole.get(artifacts.get(at + 1)))
                            .with(artifacts.get(at + 1), whole.get(artifacts.get(at))),
                    Expected.refused("key-events", "not-included", "malformed"));
        }
    }
}
