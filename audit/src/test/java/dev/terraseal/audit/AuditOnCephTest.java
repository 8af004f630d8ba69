package dev.terraseal.audit;

import dev.terraseal.testkit.s3.TestCeph;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** On a service that enforces the lock, with the credentials of the owner of everything. */
class AuditOnCephTest extends AuditContract {
    private final TestCeph ceph = TestCeph.shared();

    @Override
    URI endpoint() {
        return ceph.endpoint();
    }

    @Override
    AwsCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(ceph.accessKey(), ceph.secretKey()));
    }

    /** One of each kind: a call takes some milliseconds here, and the stand-in has them all. */
    @Override
    List<String> targets() {
        return kept.keySet().stream()
                .collect(Collectors.toMap(
                        name -> name.replaceAll("[0-9a-f]+(\\.[a-z]+)?$", ""), name -> name, (one, other) -> one))
                .values()
                .stream()
                .toList();
    }
}
