package dev.terraseal.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.testkit.s3.TestCeph;
import java.net.URI;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** The contract on a service that enforces the lock: Ceph RGW, with the credentials of the owner of everything. */
class S3CephTest extends S3Contract {
    private TestCeph ceph = TestCeph.shared();

    @Override
    URI endpoint() {
        return ceph.endpoint();
    }

    @Override
    AwsCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(ceph.accessKey(), ceph.secretKey()));
    }

    @Test
    void aStopAndStartOfTheServiceLosesNeitherObjectNorLock() throws Exception {
        try (TestCeph onDisk = TestCeph.onDisk()) {
            ceph = onDisk;
            S3Location location = bucket(true);
            Stored kept = open(location).keep("segments/a", bytes("one"), UNTIL, Validity.any());
            onDisk.stop();
            onDisk.start();
            assertThat(open(location).read("segments/a", Validity.any())).contains(kept);
            assertEveryAttemptIsRefused(location, kept);
        }
    }

    @Test
    void anUploadThatEndsHalfWayLeavesNothing() throws Exception {
        S3Location location = bucket(true);
        try (Administrator administrator = new Administrator(location, credentials())) {
            administrator.uploadHalf("segments/a");
        }
        assertThat(open(location).versions("segments/a")).isEmpty();
        Stored kept = open(location).keep("segments/a", bytes("one"), UNTIL, Validity.any());
        assertThat(open(location).versions("segments/a")).hasSize(1);
        assertThat(open(location).read("segments/a", Validity.any())).contains(kept);
    }
}
