package dev.terraseal.keys.kms;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.KeyUnavailableException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.NotFoundException;

/**
 * What a failed call means and what to do about it.
 *
 * @param passing whether the same call may go through later
 * @param tooFast whether it was refused only because there were too many
 */
record KmsFailure(boolean passing, boolean tooFast, String message) {
    /** @param operation such as {@code Sign} */
    static KmsFailure of(SdkException failure, String operation, String arn) {
        String call = "kms:" + operation + " with " + arn;
        if (!(failure instanceof AwsServiceException service)) {
            // No answer: a network, a name that does not resolve, credentials that are not there yet.
            return new KmsFailure(
                    true,
                    false,
                    call + " got no answer (" + failure.getMessage() + "); check network, endpoint and credentials");
        }
        String code = service.awsErrorDetails() == null
                ? "HTTP " + service.statusCode()
                : service.awsErrorDetails().errorCode();
        if (service.isThrottlingException()
                || service.statusCode() >= 500
                || service instanceof KeyUnavailableException) {
            return new KmsFailure(
                    true,
                    service.isThrottlingException(),
                    call + " was put off (" + code
                            + "); it is repeated. If it lasts, ask AWS for a higher request quota or"
                            + " lower the rate");
        }
        if (isOfTime(service, code)) {
            return new KmsFailure(
                    true,
                    false,
                    call + " was refused (" + code + ": " + service.getMessage()
                            + "); it is repeated, with the time KMS answered and with credentials asked for again. If it"
                            + " lasts, check the clock and renew the credentials");
        }
        return new KmsFailure(
                false, false, call + " was refused (" + code + "): " + mend(service, code, operation, arn));
    }

    /**
     * Whether the clock jumped or the credentials ran out. The SDK takes the time from the refusal and new credentials from
     * where it has them, so that the next call may go through. A wrong secret has the first code too, and other words.
     */
    private static boolean isOfTime(AwsServiceException service, String code) {
        String message = String.valueOf(service.getMessage());
        return switch (code) {
            case "ExpiredTokenException", "RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture" -> true;
            case "InvalidSignatureException" ->
                message.startsWith("Signature expired") || message.startsWith("Signature not yet current");
            default -> false;
        };
    }

    private static String mend(AwsServiceException service, String code, String operation, String arn) {
        if (service instanceof DisabledException) {
            return "the key is disabled. Enable it (aws kms enable-key --key-id " + arn + ") and start again";
        }
        if (service instanceof KmsInvalidStateException) {
            return "the key cannot be used in its state. If its deletion is scheduled: aws kms cancel-key-deletion --key-id "
                    + arn + ", then enable it, and start again";
        }
        if (service instanceof NotFoundException) {
            return "there is no such key in that account and region. Compare the ARN with the one log.json was made with";
        }
        return switch (code) {
            case "AccessDeniedException" ->
                "the caller may not. Allow kms:" + operation
                        + " on this key, in its policy and in the caller's (docs/keys.md has both), and start again";
            case "UnrecognizedClientException",
                    "InvalidSignatureException",
                    "MissingAuthenticationTokenException",
                    "IncompleteSignatureException" ->
                "AWS does not accept the credentials. Renew them, check the clock, and start again";
            default -> String.valueOf(service.getMessage());
        };
    }
}
