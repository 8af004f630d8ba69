package dev.terraseal.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.Providers;
import dev.terraseal.keys.kms.Backoff;
import dev.terraseal.keys.kms.KmsConnection;
import dev.terraseal.keys.kms.KmsKey;
import dev.terraseal.signer.check.Entry;
import dev.terraseal.testkit.kms.KeySpec;
import dev.terraseal.testkit.kms.KmsStandIn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** The production loop and the real AWS SDK, between topics in memory and the stand-in of KMS. */
class SigningAtKmsTest {
    private static final int CALLS = 64;

    @TempDir
    Path temp;

    private final ExecutorService pool = Executors.newFixedThreadPool(CALLS);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private KmsStandIn kms;
    private String arn;
    private KmsKey key;
    private Chained chained;
    private MemoryTopics topics;
    private SigningLoop loop;

    @BeforeEach
    void begin() throws Exception {
        kms = new KmsStandIn();
        use(KeySpec.ECC_NIST_P256);
    }

    private void use(KeySpec spec) throws Exception {
        arn = kms.createKey(spec);
        key = KmsKey.at(
                (KeyLocator.AwsKms) KeyLocator.parse("awskms://" + arn),
                new KmsConnection(kms.endpoint(), CALLS, Duration.ofSeconds(20)),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "secret")),
                new Backoff(5, Duration.ofMillis(20), Duration.ofMillis(500)),
                new Random(7),
                Backoff.Pause.sleeping(),
                System::nanoTime);
        chained = Chained.born(temp.resolve(spec.name()), key);
        topics = new MemoryTopics(chained.log);
    }

    @AfterEach
    void end() {
        loop.stop();
        threads.shutdownNow();
        pool.shutdownNow();
        key.close();
        kms.close();
    }

    private Future<?> start() throws Exception {
        loop = new Loops(chained, topics, pool)
                .within(1_024, 32L << 20)
                .loop(new KeyInForce(KeyUse.ATTEST, key::signer));
        return threads.submit(() -> {
            loop.run();
            return null;
        });
    }

    private void assertAttested(List<Entry> entries) throws Exception {
        SignatureChecker checker = new SignatureChecker(Providers.fast());
        List<Signed> attestations = topics.attestations();
        assertThat(attestations).hasSameSizeAs(entries);
        for (int i = 0; i < entries.size(); i++) {
            Signed signed = attestations.get(i);
            assertThat(signed.statement().bytes()).isEqualTo(entries.get(i).statement());
            assertThat(checker.verify(
                            chained.attestKey(),
                            Dsse.pae(Dsse.STATEMENT, signed.statement().bytes()),
                            ((Signed.Own) signed.signature())
                                    .signatures()
                                    .get(0)
                                    .sig()))
                    .isTrue();
        }
    }

    @Test
    void aThousandCallsASecondOf20MillisecondsEachKeepTheOrder() throws Exception {
        kms.signQuota(1_000);
        kms.latency(Duration.ofMillis(20));
        List<Entry> entries = chained.entries(300);
        topics.append(entries);
        start();
        topics.awaitAttestations(300);
        assertAttested(entries);
        assertThat(kms.count("Sign:ok")).isEqualTo(300);
    }

    @Test
    void aQuotaThatIsTooSmallSlowsTheSignerAndLosesNothing() throws Exception {
        // More calls at once than a whole second's quota, so some are throttled on any machine.
        kms.holdUntilInFlight(CALLS);
        kms.signQuota(30);
        List<Entry> entries = chained.entries(90);
        topics.append(entries);
        start();
        topics.awaitAttestations(90);
        assertAttested(entries);
        assertThat(kms.count("Sign:throttled")).isPositive();
        assertThat(kms.count("Sign:ok")).isEqualTo(90);
    }

    @Test
    void anRsaKeySignsStatementsToo() throws Exception {
        key.close();
        use(KeySpec.RSA_2048);
        List<Entry> entries = chained.entries(5);
        topics.append(entries);
        start();
        topics.awaitAttestations(5);
        assertAttested(entries);
    }

    @Test
    void aBrokenConnectionAfterTheSignatureIsSignedAgain() throws Exception {
        kms.dropAfterSigning(5);
        List<Entry> entries = chained.entries(20);
        topics.append(entries);
        start();
        topics.awaitAttestations(20);
        assertAttested(entries);
    }

    @Test
    void aDisabledKeyStopsTheSignerWithItsArnAndEnablingItGoesOn() throws Exception {
        List<Entry> entries = chained.entries(30);
        topics.append(entries.subList(0, 10));
        Future<?> run = start();
        topics.awaitAttestations(10);
        kms.disable(arn);
        topics.append(entries.subList(10, 30));
        assertThatThrownBy(() -> run.get(120, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("disabled")
                .hasMessageContaining(arn);
        assertAttested(entries.subList(0, 10));
        kms.enable(arn);
        start();
        topics.awaitAttestations(30);
        assertAttested(entries);
    }
}
