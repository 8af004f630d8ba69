package dev.terraseal.keys.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.KeySource;
import dev.terraseal.keys.KeySources;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.LogBirth;
import dev.terraseal.keys.Providers;
import dev.terraseal.keys.kms.KmsConnection;
import dev.terraseal.keys.local.SoftKey;
import dev.terraseal.testkit.tools.SoftToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against SoftHSM, a token in software. The library reads its configuration once a process, so there is one token. */
class Pkcs11KeyTest {
    private static final Bytes MESSAGE = Bytes.utf8("what was applied");

    @TempDir
    private static Path directory;

    private static SoftToken token;

    private final SignatureChecker checker = new SignatureChecker(Providers.fast());

    @BeforeAll
    static void makeToken() throws Exception {
        token = SoftToken.create(directory, Path.of(System.getenv("SOFTHSM2_CONF")));
        token.makeP256("attest");
        token.makeRsa("attest-rsa");
    }

    private static KeySource open(String uri) {
        KeySources sources = new KeySources(Path.of("."), KmsConnection.standard(), new SecureRandom());
        return sources.open(KeyLocator.parse(uri));
    }

    @Test
    void p256AndRsaSignInTheToken() throws Exception {
        for (String label : List.of("attest", "attest-rsa")) {
            try (KeySource source = open(token.uri(label))) {
                List<Algorithm> algorithms = label.equals("attest")
                        ? List.of(Algorithm.ECDSA_SHA_256)
                        : List.of(Algorithm.RSASSA_PSS_SHA_256, Algorithm.RSASSA_PKCS1_V1_5_SHA_256);
                assertThat(source.declaration(KeyUse.ATTEST, null).algorithm()).isEqualTo(algorithms.get(0));
                for (Algorithm algorithm : algorithms) {
                    DeclaredKey key = source.declaration(KeyUse.ATTEST, algorithm);
                    Bytes signature = source.signer(List.of(key)).sign(MESSAGE);
                    assertThat(checker.verify(key, MESSAGE, signature)).isTrue();
                    assertThat(checker.verify(key, Bytes.utf8("something else"), signature))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void manyThreadsSignAtOnce() throws Exception {
        try (KeySource source = open(token.uri("attest"))) {
            MessageSigner signer = source.signer(List.of(source.declaration(KeyUse.ATTEST, null)));
            ExecutorService pool = Executors.newFixedThreadPool(8);
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Bytes message = Bytes.utf8("statement " + i);
                calls.add(() -> checker.verify(signer.key(), message, signer.sign(message)));
            }
            for (Future<Boolean> call : pool.invokeAll(calls)) {
                assertThat(call.get()).isTrue();
            }
            pool.shutdownNow();
        }
    }

    @Test
    void aLogIsBornWithItsAttestAndItsAuthorityKeyInTheToken() throws Exception {
        token.makeP256("authority");
        try (KeySource attest = open(token.uri("attest-rsa"));
                KeySource authority = open(token.uri("authority"))) {
            LogBirth.Request request = LogBirth.Request.in(directory.resolve("log"))
                    .withAttest(attest, null)
                    .withAuthorities(List.of(authority), 1);
            LogBirth.Born born = new LogBirth(Clock.systemUTC(), new SecureRandom()).begin(request);
            LogDeclaration log = born.declaration();
            assertThat(log.keys(KeyUse.ATTEST).get(0).algorithm()).isEqualTo(Algorithm.RSASSA_PSS_SHA_256);
            assertThat(log.keys(KeyUse.AUTHORITY)).containsExactly(authority.declaration(KeyUse.AUTHORITY, null));
            assertThat(born.authorityKeys()).isEmpty();
            Bytes signature = authority.signer(log.keys(KeyUse.AUTHORITY)).sign(MESSAGE);
            assertThat(checker.verify(log.keys(KeyUse.AUTHORITY).get(0), MESSAGE, signature))
                    .isTrue();
        }
    }

    @Test
    void whatCannotBeUsedIsSaidWithTheMend() throws Exception {
        try (KeySource source = open(token.uri("attest"))) {
            assertThatThrownBy(() -> source.declaration(KeyUse.LOG, null))
                    .isInstanceOf(KeyUnavailableException.class)
                    .hasMessageContaining("checkpoints are signed by Ed25519");
            assertThatThrownBy(() -> source.declaration(KeyUse.ATTEST, Algorithm.RSASSA_PSS_SHA_256))
                    .hasMessageContaining("cannot sign with RSASSA_PSS_SHA_256, only with [ECDSA_SHA_256]");
            DeclaredKey other = DeclaredKey.of(
                    KeyUse.ATTEST,
                    Algorithm.ECDSA_SHA_256,
                    SoftKey.newP256(new SecureRandom()).spki());
            assertThatThrownBy(() -> source.signer(List.of(other)))
                    .hasMessageContainingAll(
                            "which the log does not declare", other.keyid().hex());
        }
        assertRefused(token.uri("nobody"), "no private key with a certificate beside it");
        assertRefused(token.uri("attest").replace("slot-id=" + token.slot(), "slot-id=4711"), "check slot-id");
        assertRefused(
                token.uri("attest").replaceAll("module-path=[^&]*", "module-path=/nowhere/lib.so"),
                "/nowhere/lib.so cannot be read");
        assertRefused(token.uri("attest").replaceAll("&pin-source=.*", ""), "TERRASEAL_PKCS11_PIN");
        Path open = Files.writeString(directory.resolve("open-pin"), "1234");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        assertRefused(token.uri("attest").replaceAll("pin-source=.*", "pin-source=file:" + open), "chmod 600");
    }

    private static void assertRefused(String uri, String saying) {
        try (KeySource source = open(uri)) {
            assertThatThrownBy(() -> source.declaration(KeyUse.ATTEST, null))
                    .isInstanceOf(KeyUnavailableException.class)
                    .hasMessageContaining(saying);
        }
    }
}
