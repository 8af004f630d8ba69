package dev.terraseal.store.s3;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Who holds every credential there is and means harm. */
public final class Administrator implements AutoCloseable {
    private static final Instant SOONER =
            Instant.now().plus(10, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.SECONDS);
    private static final Bytes OTHER = Bytes.utf8("{\"this\":\"never happened\"}\n");

    private final S3Location location;
    private final S3Client client;
    private final AwsCredentialsProvider credentials;

    /** What is tried on an archived object. */
    public enum Attempt {
        DELETE,
        DELETE_WITH_BYPASS,
        DELETE_IN_BATCH,
        SHORTEN,
        SHORTEN_WITH_BYPASS,
        DOWNGRADE,
        REMOVE_RETENTION,
        SUSPEND_VERSIONING,
        OVERWRITE(true),
        OVERWRITE_LOCKED(true),
        DELETE_MARKER(true);

        private final boolean left;

        Attempt() {
            this(false);
        }

        Attempt(boolean left) {
            this.left = left;
        }

        /** Whether a service lets it happen, because it takes nothing from the version that is locked. */
        public boolean isLeft() {
            return left;
        }
    }

    public Administrator(S3Location location, AwsCredentialsProvider credentials) throws StoreException {
        this.location = location;
        this.credentials = credentials;
        this.client = S3Clients.open(location, credentials);
    }

    /** Makes the bucket, with Object Lock. */
    public void createBucket() {
        client.createBucket(request -> request.bucket(location.bucket()).objectLockEnabledForBucket(true));
    }

    /** Tries it; whether the service says that it was done. */
    public boolean attempt(Attempt attempt, String name, String version) {
        String bucket = location.bucket();
        String key = location.key(name);
        try {
            switch (attempt) {
                case DELETE ->
                    client.deleteObject(
                            request -> request.bucket(bucket).key(key).versionId(version));
                case DELETE_WITH_BYPASS ->
                    client.deleteObject(request ->
                            request.bucket(bucket).key(key).versionId(version).bypassGovernanceRetention(true));
                case DELETE_IN_BATCH -> {
                    return deleteInBatch(key, version);
                }
                case SHORTEN -> retain(key, version, ObjectLockRetentionMode.COMPLIANCE, false);
                case SHORTEN_WITH_BYPASS -> retain(key, version, ObjectLockRetentionMode.COMPLIANCE, true);
                case DOWNGRADE -> retain(key, version, ObjectLockRetentionMode.GOVERNANCE, true);
                case REMOVE_RETENTION ->
                    client.putObjectRetention(request -> request.bucket(bucket)
                            .key(key)
                            .versionId(version)
                            .bypassGovernanceRetention(true)
                            .retention(ObjectLockRetention.builder().build()));
                case SUSPEND_VERSIONING ->
                    client.putBucketVersioning(request -> request.bucket(bucket)
                            .versioningConfiguration(
                                    versioning -> versioning.status(BucketVersioningStatus.SUSPENDED)));
                case OVERWRITE -> plant(name, OTHER);
                case OVERWRITE_LOCKED -> plantLocked(name, OTHER, SOONER);
                case DELETE_MARKER ->
                    client.deleteObject(request -> request.bucket(bucket).key(key));
            }
            return true;
        } catch (S3Exception refused) {
            return false;
        }
    }

    private boolean deleteInBatch(String key, String version) {
        DeleteObjectsResponse answer = client.deleteObjects(request -> request.bucket(location.bucket())
                .bypassGovernanceRetention(true)
                .delete(delete -> delete.objects(
                        ObjectIdentifier.builder().key(key).versionId(version).build())));
        return answer.errors().isEmpty();
    }

    private void retain(String key, String version, ObjectLockRetentionMode mode, boolean bypass) {
        client.putObjectRetention(request -> request.bucket(location.bucket())
                .key(key)
                .versionId(version)
                .bypassGovernanceRetention(bypass)
                .retention(retention -> retention.mode(mode).retainUntilDate(SOONER)));
    }

    /** Puts an unlocked version there. */
    public void plant(String name, Bytes content) {
        client.putObject(
                request -> request.bucket(location.bucket())
                        .key(location.key(name))
                        .checksumSHA256(Digest.of(content).base64()),
                RequestBody.fromBytes(content.toByteArray()));
    }

    /** Puts a version there that nobody can take away again. */
    public void plantLocked(String name, Bytes content, Instant until) {
        client.putObject(
                request -> request.bucket(location.bucket())
                        .key(location.key(name))
                        .objectLockMode(ObjectLockMode.COMPLIANCE)
                        .objectLockRetainUntilDate(until)
                        .checksumSHA256(Digest.of(content).base64()),
                RequestBody.fromBytes(content.toByteArray()));
    }

    /** Sends half of what it announced, and is gone. */
    public void uploadHalf(String name) throws IOException {
        URI endpoint = Objects.requireNonNull(location.endpoint());
        try (S3Presigner presigner = S3Presigner.builder()
                        .credentialsProvider(credentials)
                        .endpointOverride(endpoint)
                        .region(Region.US_EAST_1)
                        .serviceConfiguration(S3Configuration.builder()
                                .pathStyleAccessEnabled(true)
                                .build())
                        .build();
                Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
            URL url = presigner
                    .presignPutObject(presign -> presign.signatureDuration(Duration.ofMinutes(5))
                            .putObjectRequest(
                                    request -> request.bucket(location.bucket()).key(location.key(name))))
                    .url();
            OutputStream out = socket.getOutputStream();
            String head = "PUT " + url.getFile() + " HTTP/1.1\r\nHost: " + url.getAuthority()
                    + "\r\nContent-Length: 4096\r\n\r\n";
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write("{\"payload\":".repeat(186).getBytes(StandardCharsets.US_ASCII));
            out.flush();
            socket.shutdownOutput();
            // Until the service has seen the end; what it answers, if anything, does not matter.
            socket.setSoTimeout(5_000);
            try {
                socket.getInputStream().readAllBytes();
            } catch (java.net.SocketTimeoutException silent) {
                return;
            }
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
