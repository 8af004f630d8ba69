package dev.terraseal.keys.kms;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach AWS KMS. Credentials come from the SDK's default chain (environment, profile, container, instance).
 *
 * @param endpoint another endpoint than the region's own, such as a VPC endpoint; null for the region's
 * @param callsInFlight connections kept open, as many as there will be calls at a time
 * @param callTimeout for one attempt
 */
public record KmsConnection(@Nullable URI endpoint, int callsInFlight, Duration callTimeout) {
    public KmsConnection {
        if (callsInFlight < 1 || callsInFlight > 1000) {
            throw new IllegalArgumentException("calls in flight to KMS: 1 to 1000, not " + callsInFlight);
        }
    }

    public static KmsConnection standard() {
        return new KmsConnection(null, 64, Duration.ofSeconds(5));
    }

    public KmsConnection withEndpoint(@Nullable URI other) {
        return new KmsConnection(other, callsInFlight, callTimeout);
    }
}
