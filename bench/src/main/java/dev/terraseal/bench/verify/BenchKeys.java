package dev.terraseal.bench.verify;

import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.keys.local.SoftKey;
import dev.terraseal.keys.local.SoftSigner;
import java.security.SecureRandom;
import java.util.List;

/** Fresh keys of a log that lives as long as a benchmark. */
public record BenchKeys(SoftSigner attest, SoftSigner log, SoftSigner authority, SoftSigner ingest, SoftSigner export) {
    public static BenchKeys fresh() {
        SecureRandom random = new SecureRandom();
        return new BenchKeys(
                signer(KeyUse.ATTEST, SoftKey.newP256(random)),
                signer(KeyUse.LOG, SoftKey.newEd25519(random)),
                signer(KeyUse.AUTHORITY, SoftKey.newEd25519(random)),
                signer(KeyUse.INGEST, SoftKey.newEd25519(random)),
                signer(KeyUse.EXPORT, SoftKey.newP256(random)));
    }

    private static SoftSigner signer(KeyUse use, SoftKey key) {
        return new SoftSigner(DeclaredKey.of(use, key.algorithms().get(0), key.spki()), key);
    }

    public List<DeclaredKey> declared() {
        return List.of(attest.key(), log.key(), authority.key(), ingest.key(), export.key());
    }
}
