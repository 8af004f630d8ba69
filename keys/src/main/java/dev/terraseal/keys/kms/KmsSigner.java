package dev.terraseal.keys.kms;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.keys.SigningException;
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

    KmsSigner(DeclaredKey key, String arn, KmsClient client, KmsCalls calls, SignatureChecker checker) {
        this.key = key;
        this.arn = arn;
        this.client = client;
        this.calls = calls;
        this.checker = checker;
    }

    @Override
    public DeclaredKey key() {
        return key;
    }

    @Override
    public Bytes sign(Bytes message) throws SigningException {
        boolean raw = key.algorithm() == Algorithm.ED25519_SHA_512;
        if (raw && message.length() > RAW_MAX) {
            throw SigningException.lasting("a message of " + message.length()
                    + " bytes cannot be signed by Ed25519 at KMS," + " which takes at most " + RAW_MAX
                    + "; use a local key or P-256 for " + key.use().text());
        }
        SignRequest request = SignRequest.builder()
                .keyId(arn)
                .message(SdkBytes.fromByteArrayUnsafe(
                        raw ? message.toByteArray() : Digest.of(message).toByteArray()))
                .messageType(raw ? MessageType.RAW : MessageType.DIGEST)
                .signingAlgorithm(SigningAlgorithmSpec.fromValue(key.algorithm().name()))
                .build();
        Bytes signature = calls.make(
                "Sign", arn, () -> Bytes.wrap(client.sign(request).signature().asByteArray()));
        requireValid(message, signature);
        return signature;
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
