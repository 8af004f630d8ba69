package dev.terraseal.verifier.bundle;

import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.RangeProof;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** proofs/range.json: one proof that all entries of a contiguous export are under the head. */
final class RangeInclusion {
    private static final int FILE_MAX = 1 << 16;

    private final Findings findings;
    private @Nullable RangeProof proof;

    RangeInclusion(Findings findings) {
        this.findings = findings;
    }

    /** The tree below the first entry, to which the entries are appended. Of a selection it is empty. */
    CompactRange begin(BundleFiles files, Manifest manifest) throws IOException {
        if (!manifest.isContiguous()) {
            return new CompactRange();
        }
        try {
            RangeProof read = RangeProof.parse(files.read(BundleNames.RANGE, FILE_MAX));
            if (read.first() != manifest.first() || read.end() != manifest.last() + 1) {
                fail("is about entries " + read.first() + " to " + (read.end() - 1) + ", manifest.json about "
                        + manifest.first() + " to " + manifest.last());
            }
            proof = read;
            return read.begin();
        } catch (MalformedException | IllegalArgumentException | ProofException wrong) {
            fail(String.valueOf(wrong.getMessage()));
            return new CompactRange();
        }
    }

    /** Whether the tree with every entry appended is the head's. */
    void check(CompactRange tree, @Nullable Checkpoint head) {
        if (proof == null || head == null || findings.failed(Layer.INCLUSION)) {
            return;
        }
        try {
            proof.verify(tree, head.size(), head.root());
        } catch (ProofException notIn) {
            fail(String.valueOf(notIn.getMessage()));
        }
    }

    private void fail(String message) {
        findings.add(Layer.INCLUSION, FindingName.NOT_INCLUDED, BundleNames.RANGE, BundleNames.RANGE + " " + message);
    }
}
