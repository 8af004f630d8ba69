package dev.terraseal.keys.kms;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.KeySource;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.Providers;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.KmsClientBuilder;
import software.amazon.awssdk.services.kms.model.GetPublicKeyResponse;
import software.amazon.awssdk.services.kms.model.KeyUsageType;

/**
 * One key of AWS KMS. P-256 and RSA sign by digest and ML-DSA by the 64 bytes that stand for a message, so a statement may
 * have any length; Ed25519 hashes inside KMS, which takes messages under 4,096 bytes only, so it serves for checkpoints and
 * nothing longer. The public half is asked for
 * once, when a signer is opened, and compared with what the log declares.
 */
public final class KmsKey implements KeySource {
    private final KeyLocator.AwsKms locator;
    private final KmsClient client;
    private final KmsCalls calls;
    private final SignatureChecker checker = new SignatureChecker(Providers.fast());

    private KmsKey(KeyLocator.AwsKms locator, KmsClient client, KmsCalls calls) {
        this.locator = locator;
        this.client = client;
        this.calls = calls;
    }

    /** With the SDK's default credentials. No call is made yet. */
    public static KmsKey at(KeyLocator.AwsKms locator, KmsConnection connection, RandomGenerator random) {
        return at(
                locator,
                connection,
                DefaultCredentialsProvider.builder().build(),
                Backoff.standard(),
                random,
                Backoff.Pause.sleeping(),
                System::nanoTime);
    }

    /**
     * With everything given.
     *
     * @param nanos a clock that only goes forward, for the {@link Pace}
     */
    public static KmsKey at(
            KeyLocator.AwsKms locator,
            KmsConnection connection,
            AwsCredentialsProvider credentials,
            Backoff backoff,
            RandomGenerator random,
            Backoff.Pause pause,
            LongSupplier nanos) {
        return new KmsKey(
                locator,
                client(locator, connection, credentials),
                new KmsCalls(backoff, random, pause, new Pace(nanos)));
    }

    static KmsClient client(KeyLocator.AwsKms locator, KmsConnection connection, AwsCredentialsProvider credentials) {
        // The JDK keeps five idle connections a host unless told otherwise before its first request; more calls in
        // flight
        // than that would make a TLS handshake each.
        if (System.getProperty("http.maxConnections") == null) {
            System.setProperty("http.maxConnections", Integer.toString(connection.callsInFlight()));
        }
        KmsClientBuilder builder = KmsClient.builder()
                .region(Region.of(locator.region()))
                .credentialsProvider(credentials)
                .httpClient(UrlConnectionHttpClient.builder()
                        .connectionTimeout(connection.callTimeout())
                        .socketTimeout(connection.callTimeout())
                        .build())
                // The retries are ours: the SDK's would hide a quota that is too small.
                .overrideConfiguration(configuration -> configuration.retryStrategy(DefaultRetryStrategy.doNotRetry()));
        if (connection.endpoint() != null) {
            builder.endpointOverride(connection.endpoint());
        }
        return builder.build();
    }

    @Override
    public DeclaredKey declaration(KeyUse use, @Nullable Algorithm algorithm) throws KeyUnavailableException {
        GetPublicKeyResponse answer = publicKey();
        List<Algorithm> usable = usable(answer, use);
        Algorithm chosen = algorithm == null ? usable.get(0) : algorithm;
        if (!usable.contains(chosen)) {
            throw new KeyUnavailableException(locator.arn() + " cannot sign with " + chosen + ", only with " + usable
                    + "; choose one of these, or another key");
        }
        try {
            return DeclaredKey.of(use, chosen, spki(answer));
        } catch (IllegalArgumentException notCanonical) {
            throw new KeyUnavailableException(
                    locator.arn() + ": " + notCanonical.getMessage() + "; create another key", notCanonical);
        }
    }

    @Override
    public MessageSigner signer(List<DeclaredKey> declared) throws KeyUnavailableException {
        GetPublicKeyResponse answer = publicKey();
        Bytes spki = spki(answer);
        for (DeclaredKey key : declared) {
            if (key.spki().equals(spki)) {
                if (!usable(answer, key.use()).contains(key.algorithm())) {
                    throw new KeyUnavailableException("the log declares " + locator.arn() + " for " + key.algorithm()
                            + ", which KMS does not do with it");
                }
                return new KmsSigner(key, locator.arn(), client, calls, checker);
            }
        }
        throw new KeyUnavailableException(locator.arn() + " is key " + KeyId.of(spki)
                + ", which the log does not declare; it declares "
                + declared.stream().map(key -> key.keyid().hex()).collect(Collectors.joining(", "))
                + ". Give the ARN of one of these, or add this key to the log by a key event");
    }

    private GetPublicKeyResponse publicKey() throws KeyUnavailableException {
        try {
            return calls.make(
                    "GetPublicKey", locator.arn(), () -> client.getPublicKey(request -> request.keyId(locator.arn())));
        } catch (SigningException failed) {
            String message = String.valueOf(failed.getMessage());
            throw failed.retryable()
                    ? KeyUnavailableException.passing(message, failed)
                    : new KeyUnavailableException(message, failed);
        }
    }

    private static Bytes spki(GetPublicKeyResponse answer) {
        return Bytes.wrap(answer.publicKey().asByteArray());
    }

    /** What the key can sign with in that use, the default first; never empty. */
    private List<Algorithm> usable(GetPublicKeyResponse answer, KeyUse use) throws KeyUnavailableException {
        if (answer.keyUsage() != KeyUsageType.SIGN_VERIFY) {
            throw new KeyUnavailableException(locator.arn() + " has key usage " + answer.keyUsageAsString()
                    + "; signing needs a key created with SIGN_VERIFY");
        }
        return switch (answer.keySpecAsString()) {
            case "ECC_NIST_P256" -> List.of(Algorithm.ECDSA_SHA_256);
            case "RSA_2048", "RSA_3072", "RSA_4096" ->
                List.of(Algorithm.RSASSA_PSS_SHA_256, Algorithm.RSASSA_PKCS1_V1_5_SHA_256);
            case "ECC_NIST_EDWARDS25519" -> {
                if (use != KeyUse.LOG) {
                    throw new KeyUnavailableException(locator.arn() + " is an Ed25519 key, given for '" + use.text()
                            + "': KMS signs Ed25519 only over whole messages under 4,096 bytes, so it serves for"
                            + " checkpoints ('log') and would stop at the first longer statement. Create a key with spec"
                            + " ECC_NIST_P256");
                }
                yield List.of(Algorithm.ED25519_SHA_512);
            }
            case "ML_DSA_44" -> List.of(Algorithm.ML_DSA_44);
            case "ML_DSA_65" -> List.of(Algorithm.ML_DSA_65);
            default ->
                throw new KeyUnavailableException(locator.arn() + " has key spec " + answer.keySpecAsString()
                        + ", which this release cannot use; create one with ECC_NIST_P256 or RSA_3072 (for checkpoints"
                        + " ECC_NIST_EDWARDS25519; for second signatures ML_DSA_65, on checkpoints ML_DSA_44)");
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
