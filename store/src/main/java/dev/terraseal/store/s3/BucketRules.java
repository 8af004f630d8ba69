package dev.terraseal.store.s3;

import dev.terraseal.store.StoreException;
import java.io.UncheckedIOException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockConfiguration;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a bucket must be before anything is archived there. */
final class BucketRules {
    private BucketRules() {}

    /**
     * @throws StoreException if the bucket cannot lock objects, or would lock every version of those that must change:
     *     with default retention each new {@code checkpoint} and each partial tile would stay for years
     */
    static void require(S3Client client, S3Location location) throws StoreException {
        String bucket = location.bucket();
        ObjectLockConfiguration lock;
        try {
            lock = client.getObjectLockConfiguration(request -> request.bucket(bucket))
                    .objectLockConfiguration();
        } catch (S3Exception refused) {
            if (refused.awsErrorDetails() != null
                    && "ObjectLockConfigurationNotFoundError"
                            .equals(refused.awsErrorDetails().errorCode())) {
                throw withoutLock(bucket);
            }
            throw S3Failures.of("read the Object Lock configuration of", "s3://" + bucket, refused);
        } catch (SdkException | UncheckedIOException failed) {
            throw S3Failures.of("read the Object Lock configuration of", "s3://" + bucket, failed);
        }
        if (lock == null || lock.objectLockEnabled() != ObjectLockEnabled.ENABLED) {
            throw withoutLock(bucket);
        }
        if (lock.rule() != null && lock.rule().defaultRetention() != null) {
            throw StoreException.lasting("bucket " + bucket
                    + " has a default retention ("
                    + lock.rule().defaultRetention().modeAsString()
                    + "), which would lock every version of what has to change (checkpoint, partial tiles);"
                    + " Terraseal locks each object itself. Take the default away: aws s3api put-object-lock-configuration --bucket "
                    + bucket + " --object-lock-configuration ObjectLockEnabled=Enabled");
        }
    }

    private static StoreException withoutLock(String bucket) {
        return StoreException.lasting("bucket " + bucket
                + " has no Object Lock, so that an archive in it could be deleted. Make one that has: aws s3api create-bucket --bucket NAME"
                + " --object-lock-enabled-for-bucket (or turn it on: aws s3api put-object-lock-configuration --bucket "
                + bucket
                + " --object-lock-configuration ObjectLockEnabled=Enabled, where versioning is enabled)");
    }
}
