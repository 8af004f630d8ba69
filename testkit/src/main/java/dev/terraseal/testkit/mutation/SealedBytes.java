package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.testkit.log.BundleBytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Random bytes of files whose layer does not depend on which byte it was, sealed again with the real export key: the seal
 * and the file hashes hold, and a layer that looks into the file has to find it.
 */
final class SealedBytes {
    private static final Expected CHAIN = Expected.refused(
            "chain", "malformed", "broken-link", "broken-stream", "content-mismatch", "wrong-place", "other-log");
    private static final Expected SIGNATURES = Expected.refused(
            "signatures", "malformed", "bad-signature", "unknown-key", "unsigned", "stranger", "bad-batch");
    private static final Expected KEY_EVENTS = Expected.refused(
            "key-events",
            "malformed",
            "bad-key-event",
            "not-included",
            "bad-signature",
            "unknown-key",
            "unsigned",
            "stranger",
            "bad-batch",
            "bad-heads",
            "missing-file");

    private final Draft draft;
    private final BundleBytes whole;

    private SealedBytes(Draft draft) {
        this.draft = draft;
        this.whole = draft.bundle();
    }

    static void add(Draft draft) {
        SealedBytes mutations = new SealedBytes(draft);
        for (String name : mutations.whole.names()) {
            Expected expected = mutations.expected(name);
            if (expected != null) {
                mutations.bytes(name, expected);
            }
        }
    }

    private @Nullable Expected expected(String name) {
        if (name.startsWith("key-events/")) {
            return KEY_EVENTS;
        }
        if (name.startsWith("artifacts/")) {
            // The last one has no neighbour that holds it; what each of its members gives is among the edits.
            boolean held = draft.base().isContiguous() && !name.equals(last());
            return held ? CHAIN : null;
        }
        if (name.startsWith("keys/")) {
            return Expected.refused("derived", "count-mismatch", "malformed");
        }
        if (name.startsWith("proofs/consistency/")) {
            // In a selection nothing gives the old root, so that nothing can be compared.
            return draft.base().isContiguous() ? Expected.refused("checkpoint", "two-histories") : null;
        }
        return switch (name) {
            case "log.json" -> Expected.refused("declaration", "malformed", "wrong-genesis");
            case "signatures.jsonl", "batches.jsonl" -> SIGNATURES;
            case "proofs/range.json" -> Expected.refused("inclusion", "not-included");
            case "proofs/entries.jsonl" -> Expected.refused("inclusion", "malformed", "not-included");
            default -> null;
        };
    }

    private String last() {
        List<String> artifacts = whole.names("artifacts/");
        return artifacts.get(artifacts.size() - 1);
    }

    private void bytes(String name, Expected expected) {
        Bytes content = whole.get(name);
        int flips = Math.max(4, draft.weight() * 3);
        for (int at : draft.places(content, flips)) {
            int bit = draft.random().nextInt(8);
            draft.resealed(
                    "bit " + bit + " of byte " + at + " of " + name,
                    whole.with(name, Draft.flipped(content, at, bit)),
                    expected);
        }
        for (int at : draft.places(content, Math.max(2, draft.weight() / 2))) {
            Bytes less = Bytes.concat(content.slice(0, at), content.slice(at + 1, content.length()));
            draft.resealed("one byte less at " + at + " of " + name, whole.with(name, less), expected);
            Bytes cut = content.slice(0, at);
            draft.resealed("the end of " + name + " from byte " + at + " on", whole.with(name, cut), expected);
        }
    }
}
