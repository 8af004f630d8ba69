package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.testkit.log.BundleBytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Careful edits of statements, and artifacts in wrong places, sealed again with the real export key. */
final class EntryEdits {
    private static final String ZERO = "0".repeat(64);

    private final Draft draft;
    private final Base base;
    private final BundleBytes whole;
    private final List<Integer> indices;

    private EntryEdits(Draft draft) {
        this.draft = draft;
        this.base = draft.base();
        this.whole = draft.bundle();
        this.indices = base.indices();
    }

    static void add(Draft draft) {
        EntryEdits edits = new EntryEdits(draft);
        for (int index : edits.indices) {
            edits.members(index);
            edits.places(index);
        }
        edits.deletions();
        edits.histories();
    }

    private void edit(String what, int index, String pattern, String replacement, Expected expected) {
        String name = Base.artifact(index);
        String text = whole.text(name);
        String edited = Pattern.compile(pattern).matcher(text).replaceFirst(replacement);
        if (!edited.equals(text)) {
            draft.resealed(what + " of entry " + index, whole.with(name, edited), expected);
        }
    }

    private void members(int index) {
        Expected content = Expected.refused("chain", "content-mismatch");
        edit("another outcome", index, "\"outcome\":\"[a-z]+\"", "\"outcome\":\"interrupted\"", content);
        edit("another id", index, "\"id\":\"(apply|batched)-", "\"id\":\"other-$1-", content);
        edit("another time it occurred", index, "\"occurredAt\":\"2026", "\"occurredAt\":\"2025", content);
        edit("another subject", index, "\"name\":\"tfplan\"", "\"name\":\"other\"", content);
        edit("another actor", index, "\"actor\":\"anna\"", "\"actor\":\"mary\"", content);
        edit(
                "another content digest",
                index,
                "\"contentSha256\":\"[0-9a-f]{64}\"",
                "\"contentSha256\":\"" + ZERO + "\"",
                content);
        edit(
                "another log",
                index,
                "\"log\":\"terraseal.local",
                "\"log\":\"terraseal.other",
                Expected.refused("chain", "other-log"));
        edit(
                "another sequence",
                index,
                "\"sequence\":" + index + ",\"stream\"",
                "\"sequence\":" + (index + 1) + ",\"stream\"",
                Expected.refused("chain", "wrong-place"));
        changedLinks(index);
        Expected malformed = Expected.refused("chain", "malformed");
        edit("a predicate type that is not in the list", index, "/v1\",\"subject\"", "/v9\",\"subject\"", malformed);
        edit(
                "the type of a batch",
                index,
                "https://terraseal.dev/[a-z-]+/v1\",\"subject\"",
                "https://terraseal.dev/batch/v1\",\"subject\"",
                malformed);
        edit("another statement type", index, "in-toto.io/Statement/v1", "in-toto.io/Statement/v0.1", malformed);
        edit("a time that is none", index, "\"receivedAt\":\"2026-11-22T", "\"receivedAt\":\"2026-13-22T", malformed);
        edit(
                "a digest in upper case",
                index,
                "\"contentSha256\":\"([0-9a-f]{20})",
                "\"contentSha256\":\"ABCDEF0123456789ABCD",
                malformed);
        edit("no chain", index, "\"chain\":", "\"chains\":", malformed);
        edit(
                "a subject twice the same digest member",
                index,
                "\"digest\":\\{",
                "\"digest\":{\"md5\":\"00\",",
                malformed);
    }

    private void changedLinks(int index) {
        edit(
                "another link",
                index,
                "\"prevHash\":\"[0-9a-f]{64}\",\"sequence\":" + index + ",",
                "\"prevHash\":\"" + ZERO + "\",\"sequence\":" + index + ",",
                base.isContiguous() || index == 0 || indices.contains(index - 1)
                        ? Expected.refused("chain", "broken-link")
                        : changed(index));
        edit(
                "another time it was received",
                index,
                "\"receivedAt\":\"2026-11-22T01:02:",
                "\"receivedAt\":\"2026-11-22T01:03:",
                changed(index));
    }

    /** What finds a statement that is well formed, and not the one that was signed. */
    private Expected changed(int index) {
        if (indices.contains(index + 1)) {
            // Where both links of the next entry break, a selection tells that of the stream.
            boolean both = statement(index).stream().equals(statement(index + 1).stream());
            return Expected.refused("chain", both && !base.isContiguous() ? "broken-stream" : "broken-link");
        }
        return hasShownNeighbour(index, 1)
                ? Expected.refused("chain", "broken-stream", "missing-entry")
                : Expected.refused("signatures", "bad-signature", "bad-batch");
    }

    /** Whether the entry after ({@code step} 1) or before (−1) this one in its stream is shown too. */
    private boolean hasShownNeighbour(int index, int step) {
        Statement statement = statement(index);
        long wanted = statement.link().streamSequence().value() + step;
        for (int other : indices) {
            Statement shown = statement(other);
            if (shown.stream().equals(statement.stream())
                    && shown.link().streamSequence().value() == wanted) {
                return true;
            }
        }
        return false;
    }

    private Statement statement(int index) {
        return Statement.parse(base.fixture().entries().get(index).statement());
    }

    private void places(int index) {
        int at = indices.indexOf(index);
        String name = Base.artifact(index);
        Expected wrongPlace =
                Expected.refused("chain", "wrong-place", "broken-link", "broken-stream", "stranger", "missing-entry");
        for (int other = at + 1; other < indices.size(); other++) {
            String there = Base.artifact(indices.get(other));
            draft.resealed(
                    "entries " + index + " and " + indices.get(other) + " swapped",
                    whole.with(name, whole.get(there)).with(there, whole.get(name)),
                    wrongPlace);
            draft.resealed(
                    "entry " + index + " once more in the place of " + indices.get(other),
                    whole.with(there, whole.get(name)),
                    wrongPlace);
            draft.resealed(
                    "entry " + indices.get(other) + " once more in the place of " + index,
                    whole.with(name, whole.get(there)),
                    wrongPlace);
        }
        Bytes foreign = base.other().entries().get(index).statement();
        draft.resealed("entry " + index + " of another log of this name", whole.with(name, foreign), foreign(index));
        draft.resealed(
                "an empty entry " + index, whole.with(name, Bytes.EMPTY), Expected.refused("chain", "malformed"));
    }

    /** A foreign statement is well formed; only links, and without them signatures, tell. */
    private Expected foreign(int index) {
        if (indices.contains(index + 1) || indices.contains(index - 1)) {
            return Expected.refused("chain", "broken-link", "broken-stream");
        }
        Statement statement = statement(index);
        boolean followed = base.isStream()
                && whole.text("manifest.json")
                        .contains("\"stream\":\"" + statement.stream().value() + "\"");
        boolean linked = followed
                || statement.link().streamSequence().value() == 0
                || hasShownNeighbour(index, 1)
                || hasShownNeighbour(index, -1);
        return linked
                ? Expected.refused("chain", "broken-stream", "missing-entry")
                : Expected.refused("signatures", "bad-signature", "bad-batch", "unknown-key");
    }

    private void deletions() {
        if (!base.isContiguous()) {
            return;
        }
        Expected missing = Expected.refused("chain", "missing-entry");
        for (int from = 0; from < indices.size(); from++) {
            BundleBytes fewer = whole;
            for (int count = 1; count <= 5 && from + count <= indices.size() && count < indices.size(); count++) {
                int gone = indices.get(from + count - 1);
                fewer = without(fewer, gone, false);
                draft.resealed("no artifact " + indices.get(from) + " to " + gone, fewer, missing);
                draft.resealed(
                        "nothing of entries " + indices.get(from) + " to " + gone, without(fewer, gone, true), missing);
            }
            renumbered(from);
        }
    }

    private static BundleBytes without(BundleBytes bundle, int index, boolean everywhere) {
        BundleBytes fewer = bundle.without(Base.artifact(index));
        if (!everywhere) {
            return fewer;
        }
        List<String> lines = new ArrayList<>(fewer.lines("signatures.jsonl"));
        lines.removeIf(
                line -> line.contains("\"sequence\":" + index + ",") || line.endsWith("\"sequence\":" + index + "}"));
        return fewer.withLines("signatures.jsonl", lines);
    }

    /** One entry taken out and the later ones moved down, each under the number of the one before. */
    private void renumbered(int gone) {
        BundleBytes moved = whole;
        for (int at = gone; at + 1 < indices.size(); at++) {
            moved = moved.with(Base.artifact(indices.get(at)), whole.get(Base.artifact(indices.get(at + 1))));
        }
        if (gone + 1 < indices.size()) {
            moved = moved.without(Base.artifact(indices.get(indices.size() - 1)));
            draft.resealed(
                    "entry " + indices.get(gone) + " taken out and the rest renumbered",
                    moved,
                    Expected.refused("chain", "wrong-place", "broken-link"));
        }
    }

    /** Another true history of the same log, by its own attest keys, under the real checkpoint. */
    private void histories() {
        if (!base.isContiguous() || indices.contains(0) && indices.size() < 2) {
            return;
        }
        BundleBytes forged = whole;
        Map<Integer, String> lines = new LinkedHashMap<>();
        for (int index : indices) {
            var entry = base.fork().entries().get(index);
            forged = forged.with(Base.artifact(index), entry.statement());
            lines.put(index, entry.signatureLine(index).utf8());
        }
        BundleBytes unsigned = forged;
        forged = forged.withLines("signatures.jsonl", new ArrayList<>(lines.values()));
        if (whole.has("batches.jsonl")) {
            List<String> batches = new ArrayList<>();
            base.fork()
                    .batches()
                    .forEach((first, envelope) -> batches.add(envelope.bytes().utf8()));
            forged = forged.withLines("batches.jsonl", batches);
        }
        Digest real =
                base.fixture().entries().get(indices.get(indices.size() - 1)).entryHash();
        boolean differs = !real.equals(
                base.fork().entries().get(indices.get(indices.size() - 1)).entryHash());
        if (differs) {
            draft.resealed(
                    "another history signed by the real attest keys",
                    forged,
                    Expected.refused("inclusion", "not-included"));
            draft.resealed(
                    "another history under the real signatures",
                    unsigned,
                    Expected.refused("signatures", "bad-signature", "bad-batch"));
        }
    }
}
