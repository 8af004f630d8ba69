package dev.terraseal.keys.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.testkit.kms.KeySpec;
import dev.terraseal.testkit.kms.KmsStandIn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;

/** The real AWS SDK against the stand-in. */
class KmsKeyTest {
    private static final Bytes STATEMENT = Bytes.utf8("{\"a\":\"" + "x".repeat(200_000) + "\"}");

    private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
    private KmsStandIn kms;

    @BeforeEach
    void start() throws Exception {
        kms = new KmsStandIn();
    }

    @AfterEach
    void stop() {
        kms.close();
    }

    private KmsKey key(String arn) {
        return key(arn, pauses::add);
    }

    private KmsKey key(String arn, Backoff.Pause pause) {
        return KmsKey.at(
                (KeyLocator.AwsKms) KeyLocator.parse("awskms://" + arn),
                KmsConnection.standard().withEndpoint(kms.endpoint()),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "secret")),
                new Backoff(4, Duration.ofMillis(10), Duration.ofMillis(25)),
                new Random(1),
                pause,
                () -> 0);
    }

    private MessageSigner attest(KmsKey key) throws Exception {
        return key.signer(List.of(key.declaration(KeyUse.ATTEST, null)));
    }

    @ParameterizedTest
    @EnumSource(
            value = KeySpec.class,
            names = {"ECC_NIST_P256", "RSA_2048"})
    void statementsOfAnyLengthAreSignedByDigestAndVerifyWithTheBareJdk(KeySpec spec) throws Exception {
        try (KmsKey key = key(kms.createKey(spec))) {
            List<Algorithm> algorithms = spec == KeySpec.ECC_NIST_P256
                    ? List.of(Algorithm.ECDSA_SHA_256)
                    : List.of(Algorithm.RSASSA_PSS_SHA_256, Algorithm.RSASSA_PKCS1_V1_5_SHA_256);
            for (Algorithm algorithm : algorithms) {
                DeclaredKey declared = key.declaration(KeyUse.ATTEST, algorithm);
                Bytes signature = key.signer(List.of(declared)).sign(STATEMENT);
                assertThat(new SignatureChecker(null).verify(declared, STATEMENT, signature))
                        .isTrue();
            }
        }
    }

    /** The same signature as of the message itself, where KMS takes that: AWS says so, and the stand-in computes it so. */
    @ParameterizedTest
    @EnumSource(
            value = KeySpec.class,
            names = {"ML_DSA_44", "ML_DSA_65"})
    void anMlDsaKeySignsMessagesOfAnyLengthByTheBytesThatStandForThem(KeySpec spec) throws Exception {
        String arn = kms.createKey(spec);
        try (KmsKey key = key(arn)) {
            DeclaredKey declared = key.declaration(KeyUse.ATTEST, null);
            assertThat(declared.algorithm().name()).isEqualTo(spec.name());
            MessageSigner signer = key.signer(List.of(declared));
            assertThat(new SignatureChecker(null).verify(declared, STATEMENT, signer.sign(STATEMENT)))
                    .isTrue();
            assertThat(STATEMENT.length()).as("more than KMS takes").isGreaterThan(4096);
            Bytes message = Bytes.utf8("a short one");
            Bytes raw = Bytes.wrap(raw(arn, message, MessageType.RAW));
            assertThat(signer.sign(message)).isEqualTo(raw);
            assertThatThrownBy(() -> raw(arn, message, MessageType.EXTERNAL_MU)).hasMessageContaining("64 bytes");
            assertThatThrownBy(() -> raw(arn, message, MessageType.DIGEST)).hasMessageContaining("RAW or EXTERNAL_MU");
        }
    }

    /** As a caller without our library would. */
    private byte[] raw(String arn, Bytes message, MessageType type) {
        try (KmsClient client = KmsClient.builder()
                .region(Region.of(KmsStandIn.REGION))
                .endpointOverride(kms.endpoint())
                .httpClient(UrlConnectionHttpClient.create())
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "secret")))
                .build()) {
            return client.sign(request -> request.keyId(arn)
                            .message(SdkBytes.fromByteArray(message.toByteArray()))
                            .messageType(type)
                            .signingAlgorithm(SigningAlgorithmSpec.ML_DSA_SHAKE_256))
                    .signature()
                    .asByteArray();
        }
    }

    @Test
    void anEd25519KeySignsCheckpointsUnder4096Bytes() throws Exception {
        try (KmsKey key = key(kms.createKey(KeySpec.ECC_NIST_EDWARDS25519))) {
            DeclaredKey declared = key.declaration(KeyUse.LOG, null);
            MessageSigner signer = key.signer(List.of(declared));
            Bytes longest = Bytes.utf8("x".repeat(4095));
            assertThat(new SignatureChecker(null).verify(declared, longest, signer.sign(longest)))
                    .isTrue();
            SigningException refused =
                    catchThrowableOfType(SigningException.class, () -> signer.sign(Bytes.utf8("x".repeat(4096))));
            assertThat(refused.retryable()).isFalse();
            assertThat(refused).hasMessageContaining("4096 bytes");
        }
    }

    @Test
    void anEd25519KeyForStatementsIsRefusedAtTheStart() {
        try (KmsKey key = key(kms.createKey(KeySpec.ECC_NIST_EDWARDS25519))) {
            assertThatThrownBy(() -> attest(key))
                    .isInstanceOf(KeyUnavailableException.class)
                    .hasMessageContaining("under 4,096 bytes")
                    .hasMessageContaining("ECC_NIST_P256");
        }
    }

    @Test
    void aKeySpecWithoutAFormatIsRefusedAtTheStart() {
        try (KmsKey key = key(kms.createKey(KeySpec.ECC_NIST_P384))) {
            assertThatThrownBy(() -> attest(key)).hasMessageContaining("ECC_NIST_P384");
        }
    }

    @Test
    void anAlgorithmTheKeyDoesNotHaveIsRefusedAtTheStart() {
        try (KmsKey key = key(kms.createKey(KeySpec.ECC_NIST_P256))) {
            assertThatThrownBy(() -> key.declaration(KeyUse.ATTEST, Algorithm.RSASSA_PSS_SHA_256))
                    .hasMessageContaining("ECDSA_SHA_256");
        }
    }

    @Test
    void aKeyTheLogDoesNotDeclareIsRefusedWithBothKeyIds() throws Exception {
        try (KmsKey mine = key(kms.createKey(KeySpec.ECC_NIST_P256));
                KmsKey other = key(kms.createKey(KeySpec.ECC_NIST_P256))) {
            DeclaredKey declared = other.declaration(KeyUse.ATTEST, null);
            assertThatThrownBy(() -> mine.signer(List.of(declared)))
                    .hasMessageContaining(declared.keyid().hex())
                    .hasMessageContaining(
                            mine.declaration(KeyUse.ATTEST, null).keyid().hex());
        }
    }

    @Test
    void thePublicKeyIsAskedForOnceASigner() throws Exception {
        try (KmsKey key = key(kms.createKey(KeySpec.ECC_NIST_P256))) {
            DeclaredKey declared = key.declaration(KeyUse.ATTEST, null);
            long before = kms.count("GetPublicKey");
            MessageSigner signer = key.signer(List.of(declared));
            for (int i = 0; i < 5; i++) {
                signer.sign(Bytes.utf8("m" + i));
            }
            assertThat(kms.count("GetPublicKey") - before).isEqualTo(1);
            assertThat(kms.count("Sign")).isEqualTo(5);
        }
    }

    @Test
    void throttledCallsAreRepeatedWithGrowingJitteredPauses() throws Exception {
        try (KmsKey key = key(kms.createKey(KeySpec.ECC_NIST_P256))) {
            MessageSigner signer = attest(key);
            kms.signQuota(1e-9);
            SigningException throttled =
                    catchThrowableOfType(SigningException.class, () -> signer.sign(Bytes.utf8("m")));
            assertThat(throttled.retryable()).isTrue();
            assertThat(throttled).hasMessageContaining("ThrottlingException").hasMessageContaining("quota");
            assertThat(kms.count("Sign:throttled")).isEqualTo(4);
            Random same = new Random(1);
            assertThat(pauses)
                    .containsExactly(
                            Duration.ofMillis(same.nextLong(11)),
                            Duration.ofMillis(same.nextLong(21)),
                            Duration.ofMillis(same.nextLong(26)));
        }
    }

    @Test
    void aCallThrottledOnceGoesThrough() throws Exception {
        String arn = kms.createKey(KeySpec.ECC_NIST_P256);
        try (KmsKey key = key(arn, time -> kms.signQuota(1000))) {
            MessageSigner signer = attest(key);
            kms.signQuota(1e-9);
            Bytes signature = signer.sign(Bytes.utf8("m"));
            assertThat(new SignatureChecker(null).verify(signer.key(), Bytes.utf8("m"), signature))
                    .isTrue();
            assertThat(kms.count("Sign:throttled")).isEqualTo(1);
        }
    }

    @Test
    void aServerErrorAndABrokenConnectionAreRepeated() throws Exception {
        try (KmsKey key = key(kms.createKey(KeySpec.ECC_NIST_P256))) {
            MessageSigner signer = attest(key);
            kms.failInternally(2);
            signer.sign(Bytes.utf8("m"));
            kms.dropAfterSigning(2);
            signer.sign(Bytes.utf8("m"));
            assertThat(kms.count("Sign:ok")).isGreaterThanOrEqualTo(3);
        }
    }

    /** AWS: "Common Errors"; a machine that slept, or a clock that was set, needs nobody once the SDK has the time. */
    @Test
    void aClockThatJumpedAndCredentialsThatRanOutStopNobody() throws Exception {
        try (KmsKey key = key(kms.createKey(KeySpec.ECC_NIST_P256))) {
            MessageSigner signer = attest(key);
            kms.refuseOnce(
                    "InvalidSignatureException",
                    "Signature expired: 20261201T050000Z is now earlier than 20261201T055500Z (20261201T060000Z - 5 min.)");
            kms.refuseOnce(
                    "InvalidSignatureException",
                    "Signature not yet current: 20261201T070000Z is still later than 20261201T060500Z");
            kms.refuseOnce("ExpiredTokenException", "The security token included in the request is expired");
            assertThat(signer.sign(Bytes.utf8("m")).isEmpty()).isFalse();
            for (int i = 0; i < 4; i++) {
                kms.refuseOnce("RequestExpired", "Request has expired.");
            }
            SigningException lasts = catchThrowableOfType(SigningException.class, () -> signer.sign(Bytes.utf8("m")));
            assertThat(lasts.retryable()).isTrue();
            assertThat(lasts).hasMessageContainingAll("RequestExpired", "check the clock");
            kms.refuseOnce(
                    "InvalidSignatureException",
                    "The request signature we calculated does not match the signature you provided.");
            assertThat(lasting(signer)).contains("Renew them");
        }
    }

    @Test
    void whatOnlyAPersonCanMendIsNotRepeatedAndSaysWhatToDo() throws Exception {
        String arn = kms.createKey(KeySpec.ECC_NIST_P256);
        try (KmsKey key = key(arn)) {
            MessageSigner signer = attest(key);
            kms.disable(arn);
            assertThat(lasting(signer)).contains("DisabledException", arn, "enable-key");
            kms.scheduleDeletion(arn);
            assertThat(lasting(signer)).contains("KMSInvalidStateException", "cancel-key-deletion");
            kms.enable(arn);
            kms.deny(arn, "Sign");
            assertThat(lasting(signer)).contains("AccessDeniedException", "kms:Sign", arn);
            kms.allow(arn);
            assertThat(signer.sign(Bytes.utf8("m")).isEmpty()).isFalse();
            assertThat(pauses).isEmpty();
        }
    }

    private static String lasting(MessageSigner signer) {
        SigningException refused = catchThrowableOfType(SigningException.class, () -> signer.sign(Bytes.utf8("m")));
        assertThat(refused.retryable()).isFalse();
        return refused.getMessage();
    }

    @Test
    void aKeyThatDoesNotExistIsRefusedAtTheStart() {
        String arn = "arn:aws:kms:eu-central-1:111122223333:key/nobody";
        try (KmsKey key = key(arn)) {
            assertThatThrownBy(() -> attest(key))
                    .hasMessageContaining("NotFoundException")
                    .hasMessageContaining(arn);
        }
    }

    @Test
    void aMissingPermissionToReadThePublicKeyIsNamed() {
        String arn = kms.createKey(KeySpec.ECC_NIST_P256);
        kms.deny(arn, "GetPublicKey");
        try (KmsKey key = key(arn)) {
            assertThatThrownBy(() -> attest(key)).hasMessageContaining("kms:GetPublicKey");
        }
    }

    @Test
    void aSignatureByAnotherKeyBehindTheSameArnIsNeverHandedOut() throws Exception {
        String arn = kms.createKey(KeySpec.ECC_NIST_P256);
        try (KmsKey key = key(arn)) {
            MessageSigner signer = attest(key);
            kms.replaceKeyMaterial(arn);
            assertThat(lasting(signer))
                    .contains("does not verify", signer.key().keyid().hex());
        }
    }

    @Test
    void sixteenCallersHaveSixteenCallsInFlight() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try (KmsKey key = key(kms.createKey(KeySpec.ECC_NIST_P256))) {
            MessageSigner signer = attest(key);
            kms.holdUntilInFlight(16);
            List<Callable<Bytes>> work = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Bytes message = Bytes.utf8("m" + i);
                work.add(() -> signer.sign(message));
            }
            List<Future<Bytes>> done = pool.invokeAll(work);
            for (int i = 0; i < 100; i++) {
                assertThat(new SignatureChecker(null)
                                .verify(
                                        signer.key(),
                                        Bytes.utf8("m" + i),
                                        done.get(i).get()))
                        .isTrue();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aServiceThatDoesNotAnswerMayStillHaveTheKeyAndARefusalWillNotPass() throws Exception {
        String arn = kms.createKey(KeySpec.ECC_NIST_P256);
        try (KmsKey key = key(arn)) {
            List<DeclaredKey> declared = List.of(key.declaration(KeyUse.ATTEST, null));
            kms.deny(arn, "GetPublicKey");
            assertThat(catchThrowableOfType(KeyUnavailableException.class, () -> key.signer(declared))
                            .retryable())
                    .isFalse();
            kms.allow(arn);
            kms.close();
            KeyUnavailableException away =
                    catchThrowableOfType(KeyUnavailableException.class, () -> key.signer(declared));
            assertThat(away.retryable()).isTrue();
            assertThat(away).hasMessageContainingAll("kms:GetPublicKey", arn, "got no answer");
        }
    }
}
