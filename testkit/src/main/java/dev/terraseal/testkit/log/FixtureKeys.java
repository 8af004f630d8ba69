package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.log.LogDeclaration;
import java.time.Duration;
import java.util.List;

/** A key for each use, and the declaration of a log that has them. */
record FixtureKeys(TestKey attest, TestKey log, TestKey authority, TestKey ingest, TestKey export) {
    static FixtureKeys fresh() {
        return new FixtureKeys(
                TestKey.p256(KeyUse.ATTEST),
                TestKey.ed25519(KeyUse.LOG),
                TestKey.ed25519(KeyUse.AUTHORITY),
                TestKey.ed25519(KeyUse.INGEST),
                TestKey.p256(KeyUse.EXPORT));
    }

    /** The same keys in every run. */
    static FixtureKeys seeded(long seed) {
        return new FixtureKeys(
                TestKey.seeded(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256, seed + 1),
                TestKey.seeded(KeyUse.LOG, Algorithm.ED25519_SHA_512, seed + 2),
                TestKey.seeded(KeyUse.AUTHORITY, Algorithm.ED25519_SHA_512, seed + 3),
                TestKey.seeded(KeyUse.INGEST, Algorithm.ED25519_SHA_512, seed + 4),
                TestKey.seeded(KeyUse.EXPORT, Algorithm.ECDSA_SHA_256, seed + 5));
    }

    LogDeclaration declare(LogOrigin origin) {
        return LogDeclaration.of(new LogDeclaration.Fields(
                origin,
                Digest.of(attest.key().spki()).bytes(),
                LogFixture.BEGIN,
                List.of(attest.key(), log.key(), authority.key(), ingest.key(), export.key()),
                1,
                List.of(authority.key().keyid()),
                512 * 1024,
                64,
                Duration.ofMinutes(10),
                Duration.ofDays(3650),
                null));
    }
}
