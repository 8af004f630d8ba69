package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.merkle.ConsistencyProof;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.verifier.entries.LogReading;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.Lines;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** proofs/consistency/: that older heads, which the bundle or the caller speaks of, are prefixes of this one. */
final class ConsistencyFiles {
    private final BundleFiles files;
    private final Set<Long> sizes = new TreeSet<>();

    ConsistencyFiles(BundleFiles files) {
        this.files = files;
        for (String name : files.names()) {
            if (name.startsWith(BundleNames.CONSISTENCY) && BundleNames.isKnown(name)) {
                sizes.add(Long.parseLong(name.substring(BundleNames.CONSISTENCY.length())));
            }
        }
    }

    /** The sizes whose roots are wanted from the reading, where it passes them. */
    Set<Long> wanted(Question question) {
        Set<Long> wanted = new HashSet<>(sizes);
        wanted.addAll(question.olderSizes());
        return wanted;
    }

    /** Every proof has to lead to this head, from the old root where that is known; what producers saw is compared. */
    void check(Findings findings, @Nullable Checkpoint head, LogReading reading) throws IOException {
        if (head == null) {
            return;
        }
        for (long size : sizes) {
            String file = BundleNames.CONSISTENCY + size;
            try {
                List<Digest> proof = read(file);
                requireLeadsTo(head, size, reading.rootAt(size), proof);
            } catch (MalformedException | ProofException wrong) {
                findings.add(Layer.CHECKPOINT, FindingName.TWO_HISTORIES, file, file + ": " + wrong.getMessage());
            }
        }
        for (Map.Entry<Long, String> seen : reading.seenCheckpoints().entrySet()) {
            try {
                requirePrefix(seen.getKey(), Digest.fromBase64(seen.getValue()), head, reading);
            } catch (ProofException | IllegalArgumentException other) {
                findings.add(
                        Layer.CHECKPOINT,
                        FindingName.SEEN_OTHER_HISTORY,
                        "",
                        "a producer says it saw a head of size " + seen.getKey() + " that is not of this history: "
                                + other.getMessage());
            }
        }
    }

    private static void requireLeadsTo(Checkpoint head, long size, @Nullable Digest old, List<Digest> proof)
            throws ProofException {
        if (old != null || size >= head.size()) {
            ConsistencyProof.verify(size, head.size(), old == null ? head.root() : old, head.root(), proof);
            return;
        }
        // One complete subtree is left out of the proof: without its root the length is all that can be checked.
        boolean whole = Long.bitCount(size) == 1;
        List<Digest> hashes = new ArrayList<>(whole ? List.of(head.root()) : List.of());
        hashes.addAll(proof);
        Digest now = ConsistencyProof.rootsOf(size, head.size(), hashes).now();
        if (!whole && !now.equals(head.root())) {
            throw ProofException.mismatch("the proof does not lead to this head", head.root(), now);
        }
    }

    void requirePrefix(long size, Digest root, @Nullable Checkpoint head, @Nullable LogReading reading)
            throws ProofException, IOException {
        Digest own = reading == null ? null : reading.rootAt(size);
        if (size > 0 && own != null) {
            if (!own.equals(root)) {
                throw ProofException.mismatch("two histories: the trees of size " + size + " differ", root, own);
            }
            return;
        }
        if (head == null || !sizes.contains(size) && size != head.size()) {
            throw new ProofException("nothing here connects size " + size
                    + " with this head; ask for an export with --from-checkpoint " + size);
        }
        List<Digest> proof = sizes.contains(size) ? read(BundleNames.CONSISTENCY + size) : List.of();
        ConsistencyProof.verify(size, head.size(), root, head.root(), proof);
    }

    private List<Digest> read(String file) throws IOException {
        List<Digest> proof = new ArrayList<>();
        try (Lines lines = new Lines(files.open(file), file, 64)) {
            for (Bytes line = lines.next(); line != null; line = lines.next()) {
                if (proof.size() > Merkle.MAX_LEVELS) {
                    throw new MalformedException(file, "has more hashes than any proof");
                }
                proof.add(Digest.fromBase64(line.utf8()));
            }
        } catch (IllegalArgumentException notHash) {
            throw new MalformedException(file, "is not a list of base64 hashes: " + notHash.getMessage());
        }
        return proof;
    }
}
