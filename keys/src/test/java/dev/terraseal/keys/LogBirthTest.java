package dev.terraseal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.keys.local.LocalKeyFile;
import dev.terraseal.keys.local.LocalKeys;
import dev.terraseal.keys.local.PrivateKeyFile;
import dev.terraseal.keys.local.SoftKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogBirthTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-22T01:02:03.456Z"));

    @TempDir
    Path data;

    private static LogBirth birth(long seed) {
        return new LogBirth(CLOCK, new Seeded(seed));
    }

    @Test
    void aLogIsBornWithAKeyForEachUseAndNoneTwice() throws Exception {
        LogDeclaration log = birth(1).begin(LogBirth.Request.in(data)).declaration();
        assertThat(log.keys())
                .extracting(DeclaredKey::use, DeclaredKey::algorithm)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256),
                        org.assertj.core.groups.Tuple.tuple(KeyUse.LOG, Algorithm.ED25519_SHA_512),
                        org.assertj.core.groups.Tuple.tuple(KeyUse.INGEST, Algorithm.ED25519_SHA_512),
                        org.assertj.core.groups.Tuple.tuple(KeyUse.EXPORT, Algorithm.ECDSA_SHA_256),
                        org.assertj.core.groups.Tuple.tuple(KeyUse.AUTHORITY, Algorithm.ED25519_SHA_512));
        assertThat(log.keys()).extracting(DeclaredKey::keyid).doesNotHaveDuplicates();
        assertThat(log.authorityThreshold()).isEqualTo(1);
        assertThat(log.created()).isEqualTo(Timestamp.parse("2026-11-22T01:02:03.456Z"));
        assertThat(log.heartbeat()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void theDeclarationOnDiskIsTheOneReturned() throws Exception {
        LogBirth.Born born = birth(2).begin(LogBirth.Request.in(data));
        assertThat(new DeclarationFile(data.resolve("log.json")).read().genesis())
                .isEqualTo(born.declaration().genesis());
        assertThat(born.advice()).contains(born.declaration().genesis().hex()).contains("offline");
    }

    @Test
    void theServicesFindTheirKeysAndTheAuthorityKeyIsElsewhere() throws Exception {
        LogDeclaration log = birth(3).begin(LogBirth.Request.in(data)).declaration();
        LocalKeys keys = new LocalKeys(data.resolve("keys"));
        for (KeyUse use : List.of(KeyUse.ATTEST, KeyUse.LOG, KeyUse.INGEST, KeyUse.EXPORT)) {
            assertThat(keys.signer(log.keys(use)).key().use()).isEqualTo(use);
        }
        assertThatThrownBy(() -> keys.signer(log.keys(KeyUse.AUTHORITY))).isInstanceOf(KeyUnavailableException.class);
        assertThat(new LocalKeys(data.resolve("authority"))
                        .signer(log.keys(KeyUse.AUTHORITY))
                        .key()
                        .use())
                .isEqualTo(KeyUse.AUTHORITY);
    }

    @Test
    void theSameClockAndRandomNumbersGiveTheSameGenesis() throws Exception {
        LogDeclaration one =
                birth(4).begin(LogBirth.Request.in(data.resolve("a"))).declaration();
        LogDeclaration two =
                birth(4).begin(LogBirth.Request.in(data.resolve("b"))).declaration();
        LogDeclaration other =
                birth(5).begin(LogBirth.Request.in(data.resolve("c"))).declaration();
        assertThat(one.genesis()).isEqualTo(two.genesis()).isNotEqualTo(other.genesis());
        assertThat(one.origin().value()).matches("terraseal\\.local/[0-9a-f]{8}");
    }

    @Test
    void aSecondBirthInOnePlaceIsRefusedWithTheGenesisOfTheFirst() throws Exception {
        LogDeclaration first = birth(6).begin(LogBirth.Request.in(data)).declaration();
        assertThatThrownBy(() -> birth(7).begin(LogBirth.Request.in(data)))
                .isInstanceOf(LogExistsException.class)
                .hasMessageContaining(first.genesis().hex());
        assertThat(new DeclarationFile(data.resolve("log.json")).read().genesis())
                .isEqualTo(first.genesis());
    }

    @Test
    void aBirthCutShortBeforeItsDeclarationCanBeDoneAgain() throws Exception {
        birth(8).begin(LogBirth.Request.in(data));
        Files.delete(data.resolve("log.json"));
        LogDeclaration again = birth(9).begin(LogBirth.Request.in(data)).declaration();
        assertThat(new LocalKeys(data.resolve("keys"))
                        .signer(again.keys(KeyUse.ATTEST))
                        .key()
                        .keyid())
                .isEqualTo(again.keys(KeyUse.ATTEST).get(0).keyid());
        try (Stream<Path> left = Files.list(data)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("log.json", "keys", "authority");
        }
    }

    @Test
    void aKeyGivenForTwoUsesIsRefused() throws Exception {
        Path file = data.resolve("one.pem");
        PrivateKeyFile.write(file, SoftKey.newEd25519(new SecureRandom()));
        LocalKeyFile one = new LocalKeyFile(file);
        LogBirth.Request request =
                LogBirth.Request.in(data).withAttest(one, null).withLog(new LocalKeyFile(file));
        assertThatThrownBy(() -> birth(10).begin(request))
                .isInstanceOf(KeyUnavailableException.class)
                .hasMessageContaining("'attest'")
                .hasMessageContaining("'log'");
        assertThat(data.resolve("log.json")).doesNotExist();
    }

    @Test
    void aLogKeyThatIsNotEd25519IsRefused() throws Exception {
        Path file = data.resolve("p256.pem");
        PrivateKeyFile.write(file, SoftKey.newP256(new SecureRandom()));
        assertThatThrownBy(() -> birth(11).begin(LogBirth.Request.in(data).withLog(new LocalKeyFile(file))))
                .hasMessageContaining("Ed25519");
    }

    @Test
    void anOriginThatWasAskedForIsKept() throws Exception {
        LogOrigin origin = new LogOrigin("logs.example.com/prod");
        assertThat(birth(12)
                        .begin(LogBirth.Request.in(data)
                                .withOrigin(origin)
                                .withTimes(Duration.ofMinutes(1), Duration.ofDays(30)))
                        .declaration()
                        .origin())
                .isEqualTo(origin);
    }

    /** Only for tests: real births take the platform's strong source. */
    private static final class Seeded extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final Random random;

        Seeded(long seed) {
            this.random = new Random(seed);
        }

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }
    }
}
