package dev.terraseal.bench.sequencer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.keys.local.SoftKey;
import dev.terraseal.keys.local.SoftSigner;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;

/** A log for the length of a bench, with keys nobody keeps. */
record BenchLog(LogDeclaration declaration, SoftSigner ingest) {
    static BenchLog make(SecureRandom random) {
        SoftSigner authority = signer(KeyUse.AUTHORITY, SoftKey.newEd25519(random));
        SoftSigner ingest = signer(KeyUse.INGEST, SoftKey.newEd25519(random));
        LogDeclaration declaration = LogDeclaration.of(new LogDeclaration.Fields(
                new LogOrigin("terraseal.local/bench"),
                Digest.of(Bytes.utf8("bench")).bytes(),
                new Timestamp(0),
                List.of(
                        signer(KeyUse.ATTEST, SoftKey.newP256(random)).key(),
                        signer(KeyUse.LOG, SoftKey.newEd25519(random)).key(),
                        authority.key(),
                        ingest.key()),
                1,
                List.of(authority.key().keyid()),
                512 * 1024,
                64,
                Duration.ofMinutes(10),
                Duration.ofDays(1),
                null));
        return new BenchLog(declaration, ingest);
    }

    private static SoftSigner signer(KeyUse use, SoftKey key) {
        return new SoftSigner(DeclaredKey.of(use, key.algorithms().get(0), key.spki()), key);
    }
}
