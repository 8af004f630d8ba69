package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import java.io.IOException;

/** The seal says who packed the files and nothing about the log; a broken one says that the list of files was changed. */
final class SealLayer {
    private static final int PEM_MAX = 8 << 10;
    private static final int SIGNATURE_MAX = 4 << 10;
    private static final int SUMS_MAX = 64 << 20;

    private SealLayer() {}

    static void check(BundleFiles files, Findings findings, SignatureChecker checker) throws IOException {
        try {
            Bytes pem = files.read(BundleNames.EXPORT_KEY, PEM_MAX);
            DeclaredKey key = Pem.sealingKey(pem);
            Bytes seal = files.read(BundleNames.SEAL, SIGNATURE_MAX);
            if (!checker.verify(key, files.read(BundleNames.SUMS, SUMS_MAX), seal)) {
                findings.add(
                        Layer.SEAL,
                        FindingName.BAD_SEAL,
                        BundleNames.SEAL,
                        "the seal does not hold: SHA256SUMS, its signature or the key was changed",
                        "openssl dgst -sha256 -verify export_key.pem -signature SHA256SUMS.sig SHA256SUMS");
            }
            findings.conclude(LayerResult.valid(
                    Layer.SEAL, "packed by export key " + key.keyid().shortHex() + "… (says nothing about the log)"));
        } catch (MalformedException malformed) {
            findings.add(Layer.SEAL, FindingName.MALFORMED, malformed.file(), String.valueOf(malformed.getMessage()));
        } catch (UncheckableException unknown) {
            findings.add(Layer.SEAL, FindingName.NOT_CHECKABLE, BundleNames.SEAL, String.valueOf(unknown.getMessage()));
        } catch (IllegalArgumentException notKey) {
            findings.add(
                    Layer.SEAL,
                    FindingName.BAD_SEAL,
                    BundleNames.EXPORT_KEY,
                    BundleNames.EXPORT_KEY + " " + notKey.getMessage());
        }
    }
}
