package dev.terraseal.verifier.bundle;

import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Inclusion of the artifacts of a selection, entry by entry; of a contiguous export nothing, its range is one proof. */
final class Selection implements Closeable {
    private final Findings findings;
    private @Nullable EntryProofs proofs;

    Selection(BundleFiles files, Manifest manifest, @Nullable Checkpoint head, Findings findings) throws IOException {
        this.findings = findings;
        if (!manifest.isContiguous() && head != null) {
            try {
                proofs = new EntryProofs(files, BundleNames.ENTRIES, head, findings, Layer.INCLUSION);
            } catch (MalformedException missing) {
                refuse(missing);
            }
        }
    }

    void check(Entry entry) throws IOException {
        if (proofs != null) {
            try {
                proofs.check(entry);
            } catch (MalformedException wrong) {
                refuse(wrong);
            }
        }
    }

    void finish() throws IOException {
        if (proofs != null) {
            try {
                proofs.finish();
            } catch (MalformedException wrong) {
                refuse(wrong);
            }
        }
    }

    private void refuse(MalformedException wrong) throws IOException {
        findings.add(Layer.INCLUSION, FindingName.MALFORMED, wrong.file(), String.valueOf(wrong.getMessage()));
        close();
        proofs = null;
    }

    @Override
    public void close() throws IOException {
        if (proofs != null) {
            proofs.close();
        }
    }
}
