package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.TestKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/** Batches the attest key signed that overlap, as an orphan and what replaced it do, and entries that name them in turns. */
final class CrossedBatches {
    private static final int ENTRIES = 12;
    private static final Expected HOLDS = Expected.unproven("");
    private static final Expected BAD_BATCH = Expected.refused("signatures", "bad-batch");

    private final LogFixture log;
    private final List<Digest> leaves = new ArrayList<>();
    private final Draft draft;

    private CrossedBatches(long seed) {
        log = LogFixture.seeded("terraseal.local/crossed", seed);
        for (int i = 0; i < ENTRIES; i++) {
            log.apply(Logs.PROD, i, i + 1);
        }
        log.heads();
        BundleBytes whole = FixtureExport.of(log).whole();
        for (int i = 0; i < ENTRIES; i++) {
            leaves.add(Merkle.leafHash(Digest.of(whole.get(Base.artifact(i)))));
        }
        draft = TwoReadings.draftOf("crossed batches", log, whole);
    }

    static Draft draft(long seed) {
        CrossedBatches edits = new CrossedBatches(seed);
        edits.turns();
        edits.many();
        return edits.draft;
    }

    private Batch batch(int first, int count) {
        return new Batch(
                log.log().origin(),
                log.log().genesis(),
                new SequenceNumber(first),
                count,
                Merkle.root(leaves.subList(first, first + count)));
    }

    private Envelope signed(Batch batch) {
        TestKey key = log.attestKey();
        return new Envelope(
                Dsse.BATCH,
                batch.payload(),
                List.of(new DsseSignature(key.key().keyid(), key.signOrFail(Dsse.pae(Dsse.BATCH, batch.payload())))));
    }

    /** The bundle whose entry i lies in the batch that begins at {@code names[i]}, by its own signature where that is −1. */
    private BundleBytes naming(TreeMap<Integer, Integer> counts, int... names) {
        List<String> lines = new ArrayList<>(draft.bundle().lines("signatures.jsonl"));
        for (int i = 0; i < names.length; i++) {
            int first = names[i];
            if (first >= 0) {
                int count = Objects.requireNonNull(counts.get(first));
                int within = Math.min(count - 1, Math.max(0, i - first));
                lines.set(
                        i,
                        Json.obj()
                                .put("batch", first)
                                .put("path", Json.texts(path(within, leaves.subList(first, first + count))))
                                .put("sequence", i)
                                .build()
                                .bytes()
                                .utf8());
            }
        }
        List<String> envelopes = new ArrayList<>();
        counts.forEach((first, count) ->
                envelopes.add(signed(batch(first, count)).bytes().utf8()));
        return draft.bundle().withLines("signatures.jsonl", lines).withLines("batches.jsonl", envelopes);
    }

    /** As RFC 6962 defines it. */
    private static List<String> path(int index, List<Digest> of) {
        if (of.size() == 1) {
            return new ArrayList<>();
        }
        int left = Integer.highestOneBit(of.size() - 1);
        boolean isLeft = index < left;
        List<String> path =
                path(isLeft ? index : index - left, isLeft ? of.subList(0, left) : of.subList(left, of.size()));
        path.add(Merkle.root(isLeft ? of.subList(left, of.size()) : of.subList(0, left))
                .base64());
        return path;
    }

    private void turns() {
        TreeMap<Integer, Integer> two = new TreeMap<>();
        two.put(0, 10);
        two.put(4, 4);
        put("one after the other", naming(two, 0, 0, 0, 0, 4, 4, 4, 4), HOLDS);
        put("the long one, the short one, the long one", naming(two, 0, 0, 0, 0, 4, 4, 4, 4, 0, 0), HOLDS);
        put("by turns", naming(two, 0, 0, 0, 0, 0, 4, 0, 4, 0, 0), HOLDS);
        put("the long one only after the short one", naming(two, -1, -1, -1, -1, 4, 4, 4, 4, 0, 0), HOLDS);
        put("the long one behind its end", naming(two, 0, 0, 0, 0, 4, 4, 4, 4, 0, 0, 0), BAD_BATCH);
        put("the short one behind its end", naming(two, 0, 0, 0, 0, 4, 4, 4, 4, 4, 0), BAD_BATCH);
        put("the short one before it begins", naming(two, 0, 0, 0, 4, 4, 4, 4, 4, 0, 0), BAD_BATCH);
        Expected stranger = Expected.refused("signatures", "stranger");
        put("the long one alone", naming(two, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), stranger);
        put("the short one alone", naming(two, -1, -1, -1, -1, 4, 4, 4, 4), stranger);
        BundleBytes broken = naming(two, 0, 0, 0, 0, 4, 4, 4, 4, 0, 0);
        List<String> lines = new ArrayList<>(broken.lines("signatures.jsonl"));
        lines.set(8, lines.get(9).replace("\"sequence\":9", "\"sequence\":8"));
        put("the long one again with another's path", broken.withLines("signatures.jsonl", lines), BAD_BATCH);
    }

    private void put(String what, BundleBytes bundle, Expected expected) {
        draft.resealed("overlapping batches, " + what, bundle, expected);
    }

    /** Nobody signed entries that are not there: what these envelopes are over is wrong, and they are too many before that. */
    private void many() {
        for (int count : new int[] {64, 65}) {
            List<String> envelopes = new ArrayList<>();
            for (int first = 0; first < count; first++) {
                Batch batch = new Batch(
                        log.log().origin(),
                        log.log().genesis(),
                        new SequenceNumber(first),
                        65_536 - first,
                        leaves.get(0));
                envelopes.add(signed(batch).bytes().utf8());
            }
            put(
                    count + " over one entry",
                    draft.bundle().withLines("batches.jsonl", envelopes),
                    Expected.refused("signatures", count > 64 ? "malformed" : "stranger"));
        }
    }
}
