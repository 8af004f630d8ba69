package dev.terraseal.keys.kms;

import dev.terraseal.core.keys.SigningException;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.exception.SdkException;

/** Makes one call for as long as there is hope, and none faster than the service takes them. */
final class KmsCalls {
    private final Backoff backoff;
    private final RandomGenerator random;
    private final Backoff.Pause pause;
    private final Pace pace;

    KmsCalls(Backoff backoff, RandomGenerator random, Backoff.Pause pause, Pace pace) {
        this.backoff = backoff;
        this.random = random;
        this.pause = pause;
        this.pace = pace;
    }

    <T> T make(String operation, String arn, Supplier<T> call) throws SigningException {
        for (int attempt = 0; ; attempt++) {
            rest(pace.reserve(), operation);
            try {
                T answer = call.get();
                pace.answered();
                return answer;
            } catch (SdkException failed) {
                KmsFailure failure = KmsFailure.of(failed, operation, arn);
                if (failure.tooFast()) {
                    pace.refused();
                }
                if (!failure.passing()) {
                    throw SigningException.lasting(failure.message(), failed);
                }
                if (attempt + 1 >= backoff.attempts()) {
                    throw SigningException.passing(failure.message(), failed);
                }
                rest(backoff.after(attempt, random), operation);
            }
        }
    }

    private void rest(Duration time, String operation) throws SigningException {
        if (time.isZero()) {
            return;
        }
        try {
            pause.of(time);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw SigningException.passing("kms:" + operation + " was given up because this process stops", stopping);
        }
    }
}
