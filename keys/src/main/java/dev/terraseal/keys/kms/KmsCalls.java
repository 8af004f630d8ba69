package dev.terraseal.keys.kms;

import dev.terraseal.core.keys.SigningException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.exception.SdkException;

/** Makes one call for as long as there is hope. */
final class KmsCalls {
    private final Backoff backoff;
    private final RandomGenerator random;
    private final Backoff.Pause pause;

    KmsCalls(Backoff backoff, RandomGenerator random, Backoff.Pause pause) {
        this.backoff = backoff;
        this.random = random;
        this.pause = pause;
    }

    <T> T make(String operation, String arn, Supplier<T> call) throws SigningException {
        for (int attempt = 0; ; attempt++) {
            try {
                return call.get();
            } catch (SdkException failed) {
                KmsFailure failure = KmsFailure.of(failed, operation, arn);
                if (!failure.passing()) {
                    throw SigningException.lasting(failure.message(), failed);
                }
                if (attempt + 1 >= backoff.attempts()) {
                    throw SigningException.passing(failure.message(), failed);
                }
                rest(attempt, operation);
            }
        }
    }

    private void rest(int attempt, String operation) throws SigningException {
        try {
            pause.of(backoff.after(attempt, random));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw SigningException.passing("kms:" + operation + " was given up because this process stops", stopping);
        }
    }
}
