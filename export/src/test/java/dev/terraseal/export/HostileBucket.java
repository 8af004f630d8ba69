package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.Validity;
import dev.terraseal.store.s3.Administrator;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.store.s3.S3Store;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.s3.S3StandIn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** An archive in a bucket that somebody else may write to as well, before the archiver and after it. */
final class HostileBucket implements AutoCloseable {
    private static final AwsCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("TESTKEY", "TESTSECRET"));

    private final Administrator administrator;
    private final S3Store store;
    /** What the archiver wrote, by name. */
    private final TreeMap<String, Bytes> archived = new TreeMap<>();

    HostileBucket(S3StandIn service, String bucket, Path archive) throws Exception {
        S3Location location = new S3Location(bucket, "logs/", service.endpoint(), null, true);
        administrator = new Administrator(location, CREDENTIALS);
        administrator.createBucket();
        store = S3Store.open(location, CREDENTIALS);
        for (Map.Entry<String, Path> file : FixtureBundle.files(archive).entrySet()) {
            archived.put(file.getKey(), Bytes.wrap(Files.readAllBytes(file.getValue())));
        }
    }

    private static Instant until() {
        return Instant.now().plus(Duration.ofDays(400));
    }

    /** What the archiver is going to write, or has written. */
    TreeMap<String, Bytes> archived() {
        return archived;
    }

    S3Store store() {
        return store;
    }

    /** As an archiver does: each of its objects is there afterwards, whatever was there before. */
    void archive() throws Exception {
        for (Map.Entry<String, Bytes> each : archived.entrySet()) {
            if (each.getKey().equals(ArchiveNames.CHECKPOINT) || each.getKey().contains(".p/")) {
                store.replace(each.getKey(), each.getValue());
            } else {
                store.keep(each.getKey(), each.getValue(), until(), Validity.equalTo(each.getValue()));
            }
        }
    }

    /** Locked, so that nobody can take it away again. */
    void plant(Map<String, Bytes> objects) {
        objects.forEach((name, content) -> administrator.plantLocked(name, content, until()));
    }

    @Override
    public void close() {
        store.close();
        administrator.close();
    }
}
