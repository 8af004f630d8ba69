package dev.terraseal.store.s3;

import dev.terraseal.store.StoreException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What a failed call means to who waits for it. */
final class S3Failures {
    static final int PRECONDITION_FAILED = 412;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;
    private static final Set<String> PASSING =
            Set.of("RequestTimeout", "SlowDown", "RequestTimeTooSkewed", "ExpiredToken", "OperationAborted");

    private S3Failures() {}

    /** @param cause an answer of the service, none at all, or one that ended half way, which the SDK does not try again */
    static StoreException of(String verb, String object, RuntimeException cause) {
        String what = "could not " + verb + " " + object + ": " + cause.getMessage();
        if (!(cause instanceof AwsServiceException answer)) {
            return StoreException.passing(what + "; does the endpoint answer, and are there credentials?", cause);
        }
        String code = code(answer);
        int status = answer.statusCode();
        if (status >= SERVER_ERROR || status == TOO_MANY_REQUESTS || status == CONFLICT || PASSING.contains(code)) {
            return StoreException.passing(what, cause);
        }
        return StoreException.lasting(what + "; " + mend(code), cause);
    }

    /**
     * Whether a version cannot be read because of how somebody put it there: in a storage class that has to be restored, or
     * encrypted with a key the service was not given or may not use for us. An archiver writes none of these.
     */
    static boolean isOfHowItWasStored(AwsServiceException answer) {
        String code = code(answer);
        boolean theirKey = code.equals("InvalidRequest")
                && String.valueOf(answer.getMessage()).contains("Server Side Encryption");
        boolean kmsKey = code.startsWith("KMS.")
                || code.equals("AccessDenied")
                        && String.valueOf(answer.getMessage()).contains("kms:Decrypt");
        return code.equals("InvalidObjectState") || theirKey || kmsKey;
    }

    /** Nothing under the name, or a delete marker; and not a bucket that is missing. */
    static boolean isNoSuchKey(AwsServiceException answer) {
        return answer.statusCode() == NOT_FOUND && code(answer).equals("NoSuchKey");
    }

    /** An answer to HEAD has no body that could hold one. */
    private static String code(AwsServiceException answer) {
        String code = answer.awsErrorDetails() == null
                ? null
                : answer.awsErrorDetails().errorCode();
        return code != null ? code : answer.statusCode() == FORBIDDEN ? "AccessDenied" : "";
    }

    private static String mend(String code) {
        return switch (code) {
            case "AccessDenied" ->
                "allow s3:ListBucket (without it what is not there is refused too), s3:ListBucketVersions and "
                        + "s3:GetBucketObjectLockConfiguration on the bucket, and on what is in it s3:PutObject, "
                        + "s3:PutObjectRetention, s3:GetObject, s3:GetObjectVersion, s3:GetObjectRetention and "
                        + "s3:DeleteObject; docs/archive.md says who needs which";
            case "NoSuchBucket" -> "make the bucket, with Object Lock, or name another with --archive";
            case "InvalidAccessKeyId", "SignatureDoesNotMatch" -> "check the credentials";
            case "PermanentRedirect", "AuthorizationHeaderMalformed" ->
                "the bucket is in another region: set archive.s3.region, or --s3-region";
            default -> "the service will refuse it again until something is changed (" + code + ")";
        };
    }
}
