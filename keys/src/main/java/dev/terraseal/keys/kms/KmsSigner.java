package dev.terraseal.keys.kms;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.mldsa.MlDsaPublicKey;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.SignRequest;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;

/** Signs at KMS, one call a message, and checks each answer: a signature that does not verify must never be recorded. */
final class KmsSigner implements MessageSigner {
    /** AWS takes 4,096 bytes; FORMATS section 1 promises to stay under them. */
    private static final int RAW_MAX = 4095;

    private final DeclaredKey key;
    private final String arn;
    private final KmsClient client;
    private final KmsCalls calls;
    private final SignatureChecker checker;
    /** Of an ML-DSA key its public half, which the 64 bytes that KMS signs are made with; null for others. */
    private final @Nullable MlDsaPublicKey lattice;

    KmsSigner(DeclaredKey key, String arn, KmsClient client, KmsCalls calls, SignatureChecker checker) {
        this.key = key;
        this.arn = arn;
        this.client = client;
        this.calls = calls;
        this.checker = checker;
        this.lattice = key.algorithm().isPostQuantum() ? key.lattice() : null;
    }

    @Override
    public DeclaredKey key() {
        return key;
    }

    @Override
    public Bytes sign(Bytes message) throws SigningException {
        SignRequest.Builder request = SignRequest.builder().keyId(arn);
        if (lattice != null) {
            request.message(bytes(lattice.representative(message)))
                    .messageType(MessageType.EXTERNAL_MU)
                    .signingAlgorithm(SigningAlgorithmSpec.ML_DSA_SHAKE_256);
        } else if (key.algorithm() == Algorithm.ED25519_SHA_512) {
            if (message.length() > RAW_MAX) {
                throw SigningException.lasting("a message of " + message.length()
                        + " bytes cannot be signed by Ed25519 at KMS," + " which takes at most " + RAW_MAX
                        + "; use a local key or P-256 for " + key.use().text());
            }
            request.message(bytes(message))
                    .messageType(MessageType.RAW)
                    .signingAlgorithm(SigningAlgorithmSpec.ED25519_SHA_512);
        } else {
            request.message(bytes(Digest.of(message).bytes()))
                    .messageType(MessageType.DIGEST)
                    .signingAlgorithm(
                            SigningAlgorithmSpec.fromValue(key.algorithm().name()));
        }
        SignRequest asked = request.build();
        Bytes signature = calls.make(
                "Sign", arn, () -> Bytes.wrap(client.sign(asked).signature().asByteArray()));
        requireValid(message, signature);
        return signature;
    }

    private static SdkBytes bytes(Bytes content) {
        return SdkBytes.fromByteArrayUnsafe(content.toByteArray());
    }

    private void requireValid(Bytes message, Bytes signature) throws SigningException {
        try {
            if (!checker.verify(key, message, signature)) {
                throw SigningException.lasting("KMS answered with a signature that does not verify under key "
                        + key.keyid()
                        + ": " + arn + " no longer leads to the key the log declares. Find out who changed it before"
                        + " anything is signed again");
            }
        } catch (UncheckableException missing) {
            throw SigningException.lasting(String.valueOf(missing.getMessage()), missing);
        }
    }
}
