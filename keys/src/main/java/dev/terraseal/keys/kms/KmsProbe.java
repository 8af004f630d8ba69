package dev.terraseal.keys.kms;

import dev.terraseal.core.keys.SigningException;
import dev.terraseal.keys.KeyFinding;
import dev.terraseal.keys.KeyLocator;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeyState;

/** Looks at a key of AWS KMS without using it. */
public final class KmsProbe {
    private final KmsConnection connection;
    private final AwsCredentialsProvider credentials;
    private final RandomGenerator random;

    /** @param random for the jitter of retries only */
    public KmsProbe(KmsConnection connection, AwsCredentialsProvider credentials, RandomGenerator random) {
        this.connection = connection;
        this.credentials = credentials;
        this.random = random;
    }

    /**
     * What {@code DescribeKey} says, in a finding that is serious if the key cannot sign as it is. The call needs
     * kms:DescribeKey, which no service of ours does.
     *
     * @throws SigningException if it was refused or not answered
     */
    public KeyFinding describe(KeyLocator.AwsKms locator) throws SigningException {
        try (KmsClient client = KmsKey.client(locator, connection, credentials)) {
            KeyMetadata key = new KmsCalls(
                            Backoff.standard(), random, Backoff.Pause.sleeping(), new Pace(System::nanoTime))
                    .make(
                            "DescribeKey",
                            locator.arn(),
                            () -> client.describeKey(request -> request.keyId(locator.arn()))
                                    .keyMetadata());
            String what = locator.arn() + " is " + key.keyStateAsString() + ", " + key.keySpecAsString() + ", "
                    + key.keyUsageAsString();
            boolean serious = key.keyState() != KeyState.ENABLED;
            return new KeyFinding(
                    serious,
                    what,
                    serious
                            ? "a key that is not Enabled signs nothing: aws kms enable-key (or cancel-key-deletion) --key-id "
                                    + locator.arn()
                            : "");
        }
    }
}
