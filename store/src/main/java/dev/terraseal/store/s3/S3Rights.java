package dev.terraseal.store.s3;

import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.StoreException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;

/**
 * What these credentials may do in a bucket, as far as asking changes nothing there, and what time the service says it is.
 * Nothing is written, so the rights to write stay unknown.
 */
public final class S3Rights {
    private final S3Client client;
    private final S3Location location;
    private final InstantSource clock;
    private final List<Right> rights = new ArrayList<>();
    private @Nullable Told told;

    private S3Rights(S3Client client, S3Location location, InstantSource clock) {
        this.client = client;
        this.location = location;
        this.clock = clock;
    }

    /** What is known of a right. */
    public enum Known {
        GRANTED,
        REFUSED,
        /** It would take a write, or something that is not there, to know. */
        NOT_TRIED,
        /** The service did not answer, or answered something else. */
        UNKNOWN
    }

    /** A right by the name that policies give it, and a sentence about it. */
    public record Right(String action, Known known, String message) {}

    /** The service's clock, in whole seconds, between two readings of the clock here. */
    public record Told(Instant before, Instant service, Instant after) {}

    /** @param clock null where the service gave no date */
    public record Seen(List<Right> rights, @Nullable Told clock) {
        public Seen {
            rights = List.copyOf(rights);
        }
    }

    /**
     * Asks; each failure is an answer.
     *
     * @throws StoreException if nothing can be asked, for no region is known
     */
    public static Seen look(S3Location location, AwsCredentialsProvider credentials, InstantSource clock)
            throws StoreException {
        try (S3Client client = S3Clients.open(location, credentials)) {
            S3Rights asked = new S3Rights(client, location, clock);
            asked.ask();
            return new Seen(asked.rights, asked.told);
        }
    }

    private void ask() {
        String bucket = location.bucket();
        tried("s3:ListBucket", "HeadBucket", () -> client.headBucket(request -> request.bucket(bucket)));
        tried(
                "s3:GetBucketObjectLockConfiguration",
                "GetObjectLockConfiguration",
                () -> client.getObjectLockConfiguration(request -> request.bucket(bucket)));
        String log = location.key(ArchiveNames.LOG);
        Optional<ListObjectVersionsResponse> listed = tried(
                "s3:ListBucketVersions",
                "ListObjectVersions",
                () -> client.listObjectVersions(
                        request -> request.bucket(bucket).prefix(log).maxKeys(1).encodingType(EncodingType.URL)));
        Optional<String> version = listed.flatMap(answer -> answer.versions().stream()
                .filter(each -> each.key().equals(log))
                .map(each -> each.versionId())
                .findFirst());
        if (version.isPresent()) {
            read(log, version.get());
        } else {
            notTried("s3:GetObjectVersion", "no log.json was listed");
            notTried("s3:GetObjectRetention", "no log.json was listed");
        }
        for (String write : List.of("s3:PutObject", "s3:PutObjectRetention", "s3:DeleteObject")) {
            notTried(write, "only a write would show it");
        }
    }

    private void read(String log, String version) {
        Optional<HeadObjectResponse> object = tried(
                "s3:GetObjectVersion",
                "HeadObject",
                () -> client.headObject(
                        request -> request.bucket(location.bucket()).key(log).versionId(version)));
        if (object.isEmpty()) {
            notTried("s3:GetObjectRetention", "log.json could not be read");
        } else if (object.get().objectLockRetainUntilDate() == null) {
            notTried(
                    "s3:GetObjectRetention",
                    "log.json came without a lock: it has none, or these credentials may not see it");
        } else {
            rights.add(new Right("s3:GetObjectRetention", Known.GRANTED, "HeadObject showed the lock of log.json"));
        }
    }

    private void notTried(String action, String why) {
        rights.add(new Right(action, Known.NOT_TRIED, why));
    }

    private <T extends SdkResponse> Optional<T> tried(String action, String call, Supplier<T> made) {
        Instant before = clock.instant();
        try {
            T answer = made.get();
            dated(before, answer.sdkHttpResponse());
            rights.add(new Right(action, Known.GRANTED, call + " was answered"));
            return Optional.of(answer);
        } catch (AwsServiceException refused) {
            if (refused.awsErrorDetails() != null && refused.awsErrorDetails().sdkHttpResponse() != null) {
                dated(before, refused.awsErrorDetails().sdkHttpResponse());
            }
            rights.add(refused(action, call, refused));
        } catch (SdkException | UncheckedIOException silent) {
            rights.add(new Right(
                    action,
                    Known.UNKNOWN,
                    String.valueOf(S3Failures.of("call " + call + " on", location.toString(), silent)
                            .getMessage())));
        }
        return Optional.empty();
    }

    private Right refused(String action, String call, AwsServiceException refused) {
        String code = refused.awsErrorDetails() == null
                ? ""
                : String.valueOf(refused.awsErrorDetails().errorCode());
        if (code.equals("ObjectLockConfigurationNotFoundError")) {
            return new Right(action, Known.GRANTED, call + " was answered: there is none");
        }
        if (refused.statusCode() == S3Failures.NOT_FOUND) {
            return new Right(action, Known.NOT_TRIED, "there is no bucket " + location.bucket());
        }
        boolean denied = refused.statusCode() == 401 || refused.statusCode() == 403;
        String why = String.valueOf(S3Failures.of("call " + call + " on", location.toString(), refused)
                .getMessage());
        return new Right(action, denied ? Known.REFUSED : Known.UNKNOWN, why);
    }

    /** The quickest answer bounds the difference best. */
    private void dated(Instant before, @Nullable SdkHttpResponse response) {
        Instant after = clock.instant();
        Optional<String> date = response == null ? Optional.empty() : response.firstMatchingHeader("Date");
        if (date.isEmpty()) {
            return;
        }
        try {
            Instant service = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.get()));
            Told last = told;
            if (last == null
                    || after.toEpochMilli() - before.toEpochMilli()
                            < last.after().toEpochMilli() - last.before().toEpochMilli()) {
                told = new Told(before, service, after);
            }
        } catch (DateTimeParseException noDate) {
            // A service that writes its date otherwise tells nothing by it.
            return;
        }
    }
}
