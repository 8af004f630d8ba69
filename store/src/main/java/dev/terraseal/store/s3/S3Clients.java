package dev.terraseal.store.s3;

import dev.terraseal.store.StoreException;
import java.time.Duration;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/** How we speak to S3: few blocking calls, patient with throttling, never with a checksum the SDK chose. */
final class S3Clients {
    private static final int ATTEMPTS = 6;
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private S3Clients() {}

    static S3Client open(S3Location location, AwsCredentialsProvider credentials) throws StoreException {
        return open(location, credentials, sent -> {});
    }

    /**
     * @param requests told the HTTP method of every request that is sent, retries among them
     * @throws StoreException if nothing says which region of AWS it is
     */
    static S3Client open(S3Location location, AwsCredentialsProvider credentials, Consumer<String> requests)
            throws StoreException {
        return open(location, credentials, requests, AttemptTime.standard());
    }

    /** @param time of an attempt; {@link S3Objects} allows for the body of each call itself */
    static S3Client open(
            S3Location location, AwsCredentialsProvider credentials, Consumer<String> requests, AttemptTime time)
            throws StoreException {
        S3ClientBuilder builder = S3Client.builder()
                .credentialsProvider(credentials)
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(AttemptTime.standard().least()))
                // A lock put needs a checksum header and gets ours; a trailer of the SDK's is unknown to older
                // services.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(location.pathStyle())
                        .chunkedEncodingEnabled(false)
                        .build())
                .overrideConfiguration(config -> config.apiCallAttemptTimeout(time.least())
                        .addExecutionInterceptor(new Told(requests))
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(ATTEMPTS)
                                .build()));
        if (location.endpoint() != null) {
            builder.endpointOverride(location.endpoint());
        }
        if (location.region() != null) {
            builder.region(Region.of(location.region()));
        } else if (location.endpoint() != null) {
            // Elsewhere than at AWS the region only enters the signature.
            builder.region(Region.US_EAST_1);
        }
        try {
            return builder.build();
        } catch (SdkClientException noRegion) {
            throw StoreException.lasting(
                    "no client for " + location + ": " + noRegion.getMessage()
                            + ". Say the bucket's region: AWS_REGION in the environment, region in ~/.aws/config, or the"
                            + " setting archive.s3.region (--s3-region)",
                    noRegion);
        }
    }

    private static final class Told implements ExecutionInterceptor {
        private final Consumer<String> requests;

        Told(Consumer<String> requests) {
            this.requests = requests;
        }

        @Override
        public void beforeTransmission(Context.BeforeTransmission request, ExecutionAttributes attributes) {
            requests.accept(request.httpRequest().method().name());
        }
    }
}
