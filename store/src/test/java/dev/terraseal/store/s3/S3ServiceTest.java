package dev.terraseal.store.s3;

import java.net.URI;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * The same contract on a real service: {@code TERRASEAL_TEST_S3_ENDPOINT} is its address, credentials are the AWS SDK's
 * own ({@code AWS_ACCESS_KEY_ID}, …). It makes buckets and leaves them.
 */
@EnabledIfEnvironmentVariable(named = "TERRASEAL_TEST_S3_ENDPOINT", matches = "https?://.+")
class S3ServiceTest extends S3Contract {
    @Override
    URI endpoint() {
        return URI.create(System.getenv("TERRASEAL_TEST_S3_ENDPOINT"));
    }

    @Override
    AwsCredentialsProvider credentials() {
        return DefaultCredentialsProvider.builder().build();
    }
}
