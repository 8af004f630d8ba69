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

/**
 * A log for the length of a bench, with keys nobody keeps.
 *
 * @param attest a local key, in force unless the log was made {@link #withAttest} another
 */
public record BenchLog(LogDeclaration declaration, SoftSigner ingest, SoftSigner attest) {
    public static BenchLog make(SecureRandom random) {
        SoftSigner ingest = signer(KeyUse.INGEST, SoftKey.newEd25519(random));
        SoftSigner attest = signer(KeyUse.ATTEST, SoftKey.newP256(random));
        return new BenchLog(declaration(attest.key(), ingest, random), ingest, attest);
    }

    /** Another log, whose statements are signed by that key. */
    public BenchLog withAttest(DeclaredKey key) {
        return new BenchLog(declaration(key, ingest, new SecureRandom()), ingest, attest);
    }

    private static LogDeclaration declaration(DeclaredKey attest, SoftSigner ingest, SecureRandom random) {
        SoftSigner authority = signer(KeyUse.AUTHORITY, SoftKey.newEd25519(random));
        return LogDeclaration.of(new LogDeclaration.Fields(
                new LogOrigin("terraseal.local/bench"),
                Digest.of(Bytes.utf8("bench")).bytes(),
                new Timestamp(0),
                List.of(attest, signer(KeyUse.LOG, SoftKey.newEd25519(random)).key(), authority.key(), ingest.key()),
                1,
                List.of(authority.key().keyid()),
                512 * 1024,
                64,
                Duration.ofMinutes(10),
                Duration.ofDays(1),
                null));
    }

    private static SoftSigner signer(KeyUse use, SoftKey key) {
        return new SoftSigner(DeclaredKey.of(use, key.algorithms().get(0), key.spki()), key);
    }
}
