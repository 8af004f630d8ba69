package dev.terraseal.bench.sequencer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.keys.Providers;
import dev.terraseal.keys.local.SoftSigner;

/** How many signatures the provider checks in a second and does nothing else. */
final class VerifyRate {
    private static final int COUNT = 5_000;

    private VerifyRate() {}

    static double measure(SoftSigner signer) {
        SignatureChecker checker = new SignatureChecker(Providers.fast());
        Bytes message = Bytes.utf8("x".repeat(300));
        Bytes signature = signer.sign(message);
        double rate = 0;
        for (int round = 0; round < 3; round++) { // the last one counts
            long begin = System.nanoTime();
            for (int i = 0; i < COUNT; i++) {
                try {
                    if (!checker.verify(signer.key(), message, signature)) {
                        throw new IllegalStateException("a good signature does not verify");
                    }
                } catch (SignatureChecker.UncheckableException missing) {
                    throw new IllegalStateException(missing);
                }
            }
            rate = COUNT * 1e9 / (System.nanoTime() - begin);
        }
        return rate;
    }
}
