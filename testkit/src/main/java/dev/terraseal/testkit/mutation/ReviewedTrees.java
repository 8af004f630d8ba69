package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Streams that go on behind their end, numbers no log has, and a tree so large that its logarithms are rounded. */
final class ReviewedTrees {
    private static final Expected HOLDS = Expected.unproven("");
    private static final Expected STRANGER = Expected.refused("chain", "stranger");
    private static final Expected BAD_HEADS = Expected.refused("stream-heads", "bad-heads");
    private static final Expected COUNTS = Expected.refused("derived", "count-mismatch");
    private static final String PROOF = "proofs/stream.json";
    private static final Digest FILLER = Digest.of(Bytes.utf8("filler"));
    private static final int LEVELS = 50;

    private final long seed;
    private final LogFixture six;
    private final List<Draft> drafts = new ArrayList<>();

    private ReviewedTrees(long seed) {
        this.seed = seed;
        this.six = TwoReadings.six(seed);
    }

    static List<Draft> drafts(long seed) {
        ReviewedTrees reviewed = new ReviewedTrees(seed);
        reviewed.behindTheEnd();
        reviewed.emptyTree();
        reviewed.manifests();
        reviewed.predecessor();
        reviewed.largeTree();
        return reviewed.drafts;
    }

    private Draft draft(String name, LogFixture log, BundleBytes bundle) {
        Draft draft = TwoReadings.draftOf(name, log, bundle);
        drafts.add(draft);
        return draft;
    }

    /** The artifacts of a selection under a manifest that calls them a stream. */
    private static BundleBytes asStream(LogFixture log, List<Integer> indices, String stream, Bytes proof) {
        BundleBytes filter = FixtureExport.of(log).filter(indices);
        String manifest = filter.text("manifest.json")
                .replace(
                        "{\"kind\":\"filter\",\"text\":\"by hand\"}",
                        "{\"kind\":\"stream\",\"stream\":\"" + stream + "\"}");
        return filter.with("manifest.json", manifest).with(PROOF, proof);
    }

    private void behindTheEnd() {
        BundleBytes whole = FixtureExport.of(six).closingBy(3).stream(Logs.PROD);
        Draft draft = draft("closed by its first heads entry", six, whole);
        draft.resealed("as it is", whole, HOLDS);
        Bytes proof = whole.get(PROOF);
        draft.resealed(
                "an entry of the stream behind its end",
                asStream(six, List.of(0, 1, 2, 3, 4), Logs.PROD, proof),
                STRANGER);
        String negative = proof.utf8().replace("\"heads\":3", "\"heads\":-1");
        draft.resealed("closed by entry -1", whole.with(PROOF, negative), BAD_HEADS);
    }

    /** A log gone wrong: a heads entry over no stream at all, under which nothing could be shown to be absent. */
    private void emptyTree() {
        LogFixture honest = begun("empty");
        Event own = Heads.parseFile(honest.heads().headsFile(2))
                .event(new SequenceNumber(2), new Timestamp(LogFixture.BEGIN.epochMillis() + 2000));
        Bytes body = Json.obj()
                .put("root", Merkle.EMPTY_ROOT.base64())
                .put("streams", 0)
                .build()
                .bytes();
        LogFixture log = begun("empty")
                .append(new Event(
                        own.type(),
                        own.stream(),
                        own.id(),
                        own.occurredAt(),
                        own.subjects(),
                        body,
                        null,
                        null,
                        null,
                        null))
                .heads();
        Bytes proof = Bytes.utf8("{\"end\":{\"absent\":[],\"heads\":2},\"stream\":\"zeta\"}");
        BundleBytes absent = asStream(log, List.of(2), "zeta", proof);
        draft("a heads entry over nothing", log, absent).resealed("absent by no neighbour", absent, BAD_HEADS);
    }

    private LogFixture begun(String name) {
        return LogFixture.seeded("terraseal.local/" + name, seed)
                .apply(Logs.PROD, 1, 2)
                .heads();
    }

    private void manifests() {
        BundleBytes filter = FixtureExport.of(six).withDerivedFiles().filter(List.of(1, 4));
        Draft draft = draft("a selection and its report", six, filter);
        number(draft, "checkpointSize", 6, 7);
        number(draft, "first", 1, 0);
        draft.resealed(
                "an artifact of a number beyond all",
                filter.with("artifacts/99999999999999999999.json", "{}"),
                STRANGER);
    }

    private static void number(Draft draft, String member, int said, int made) {
        String manifest = draft.bundle()
                .text("manifest.json")
                .replace("\"" + member + "\":" + said, "\"" + member + "\":" + made);
        draft.resealed(member + " " + made, draft.bundle().with("manifest.json", manifest), COUNTS);
    }

    private void predecessor() {
        BundleBytes whole = FixtureExport.of(six).whole();
        Json.Obj before = Json.obj()
                .put("genesis", "0".repeat(64))
                .put("origin", "terraseal.local/before")
                .put("root", FILLER.base64())
                .put("size", -1)
                .build();
        String changed = whole.text("log.json")
                .replace(
                        "\"retentionDays\"", "\"predecessor\":" + before.bytes().utf8() + ",\"retentionDays\"");
        draft("a predecessor", six, whole)
                .resealed(
                        "of fewer entries than none",
                        whole.with("log.json", changed),
                        Asked.under(Digest.of(Bytes.utf8(changed))),
                        Expected.refused("declaration", "malformed"));
    }

    /** Two entries at the left end of a tree of 2^50, of which nobody has the rest. */
    private void largeTree() {
        LogFixture log = begun("large");
        List<Digest> leaves = log.entries().stream()
                .map(entry -> Merkle.leafHash(Statement.parse(entry.statement()).entryHash()))
                .toList();
        Digest root = Merkle.root(leaves);
        for (int level = 1; level < LEVELS; level++) {
            root = Merkle.nodeHash(root, FILLER);
        }
        long size = 1L << LEVELS;
        BundleBytes filter = FixtureExport.of(log).filter(List.of(0, 1));
        BundleBytes large = filter.with(
                        "manifest.json",
                        filter.text("manifest.json").replace("\"checkpointSize\":2", "\"checkpointSize\":" + size))
                .with("checkpoint", signed(log, new Checkpoint(log.log().origin(), size, root)))
                .withLines("proofs/entries.jsonl", List.of(path(0, leaves.get(1)), path(1, leaves.get(0))))
                .withLines("key-events/proofs/entries.jsonl", List.of(path(1, leaves.get(0))));
        Draft draft = draft("a tree of 2^50", log, large);
        draft.resealed("as it is", large, HOLDS);
        String junk = FILLER.base64() + "\n";
        draft.resealed(
                "a hash from 2^49, of which nobody knows the root",
                large.with("proofs/consistency/" + (size / 2), junk),
                HOLDS);
        draft.resealed(
                "junk of the right length from 2^49 + 1",
                large.with("proofs/consistency/" + (size / 2 + 1), junk.repeat(LEVELS + 1)),
                Expected.refused("checkpoint", "two-histories"));
    }

    private static String path(long index, Digest beside) {
        List<String> path = new ArrayList<>(Collections.nCopies(LEVELS, FILLER.base64()));
        path.set(0, beside.base64());
        return Json.obj()
                .put("path", Json.texts(path))
                .put("sequence", index)
                .build()
                .bytes()
                .utf8();
    }

    private static Bytes signed(LogFixture log, Checkpoint head) {
        try {
            return NoteSigner.sign(head, log.logKey()).bytes();
        } catch (SigningException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
