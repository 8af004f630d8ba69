package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.kafka.Topics;
import dev.terraseal.testkit.kms.KeySpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every service as its own process, two logs in one deployment, archives in S3 under Object Lock, a key at KMS. */
class ClusterTest {
    @TempDir
    Path directory;

    @Test
    @Timeout(900)
    void twoLogsInOneDeploymentSurviveEveryServiceBeingKilledAndNeverMix() throws Exception {
        try (Surroundings around = new Surroundings(directory)) {
            createTopics(around);
            Tenant a = new Tenant(around, directory, "a", 0, around.kms().createKey(KeySpec.ECC_NIST_P256));
            Tenant b = new Tenant(around, directory, "b", 1, null);
            Service sequencer = around.sequencer("sequencer", directory, directory.resolve("state"), a, b);
            Service signer = a.signer();
            Service archiver = a.archiver();
            Service ingest = a.ingest();
            // The one everything waits for comes last: no order of starting may matter.
            List<Service> services = List.of(ingest, archiver, b.signer(), signer, b.ingest(), b.archiver(), sequencer);
            try {
                Service.startAll(services);
                send(a, b, "first");
                assertThat(a.post("foreign", b.token()).statusCode())
                        .as("the other log's token")
                        .isEqualTo(401);
                a.awaitCheckpoint();
                b.awaitCheckpoint();
                for (Service service : List.of(sequencer, signer, archiver, ingest)) {
                    send(a, b, "before-" + name(service));
                    service.kill();
                    if (service != ingest) {
                        send(a, b, "without-" + name(service));
                    }
                    service.start();
                    send(a, b, "after-" + name(service));
                    a.awaitCheckpoint();
                    b.awaitCheckpoint();
                }
                requireReceipt(a);
                requireBundle(around, a, b);
                requireBundle(around, b, a);
                requireStopOnAStrangePartition(around, services);
            } catch (AssertionError | Exception failed) {
                say(services);
                throw failed;
            } finally {
                for (Service service : services) {
                    service.close();
                }
            }
        }
    }

    private void createTopics(Surroundings around) {
        Terminal.Result created = around.createTopics(directory);
        assertThat(created.exit()).as(created.toString()).isZero();
        assertThat(created.out()).contains("created " + Topics.EVENTS, "all topics are as evidence needs them");
    }

    private static String name(Service service) {
        return service.toString().split(" ")[0];
    }

    /** The same ids in both logs: an id belongs to its log alone. */
    private static void send(Tenant a, Tenant b, String what) throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            a.submit(what + "-" + i);
            b.submit(what + "-" + i);
        }
    }

    /** From standard output, as `> receipt.json` takes it: a byte more and it would not verify. */
    private void requireReceipt(Tenant log) throws IOException {
        Path receipt = directory.resolve("receipt.json");
        Terminal.Result fetched = Terminal.run(
                directory,
                Map.of("TERRASEAL_TOKEN", log.token()),
                Terminal.command("receipt", "--server", log.server(), "--sequence", "0"));
        assertThat(fetched.exit()).as(fetched.toString()).isZero();
        Files.writeString(receipt, fetched.out());
        Terminal.Result verified = Terminal.terraseal(directory, "verify", receipt, "--genesis", log.genesis());
        assertThat(verified.exit()).as(verified.toString()).isZero();
    }

    private void requireBundle(Surroundings around, Tenant log, Tenant other) throws IOException {
        Path bundle = Evidence.verifiedBundle(around, directory, log);
        Terminal.Result refused = Terminal.terraseal(directory, "verify", bundle, "--genesis", other.genesis());
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
        List<String> ids = new ArrayList<>();
        try (Stream<Path> files = Files.list(bundle.resolve("artifacts"))) {
            for (Path file : files.sorted().toList()) {
                Statement statement = Statement.parse(Bytes.wrap(Files.readAllBytes(file)));
                assertThat(statement.link().log().value())
                        .isEqualTo("e2e.test/" + log.directory().getFileName());
                if (!statement.stream().isReserved()) {
                    ids.add(statement.id().value());
                    assertThat(statement.stream().value())
                            .isEqualTo(log.directory().getFileName() + "/prod");
                }
            }
        }
        assertThat(ids).as("every event once, in the order it was sent").isEqualTo(log.ids);
    }

    /** Every one of them, by itself, and again at its next start. */
    private static void requireStopOnAStrangePartition(Surroundings around, List<Service> services) throws Exception {
        try (Admin admin = around.kafka().admin("e2e")) {
            admin.createPartitions(Map.of(Topics.EVENTS, NewPartitions.increaseTo(3)))
                    .all()
                    .get();
        }
        for (Service service : services) {
            assertThat(service.awaitEnd()).as(service.said()).isEqualTo(3);
            assertThat(service.said())
                    .contains(
                            "topic " + Topics.EVENTS + ": the number of partitions is 3, must be 2",
                            "configure a log for each");
        }
        Service.startAll(services);
        for (Service service : services) {
            assertThat(service.awaitEnd())
                    .as("started again: " + service.said())
                    .isEqualTo(3);
        }
    }

    private static void say(List<Service> services) throws IOException {
        for (Service service : services) {
            System.out.println("== " + service + "\n" + service.said());
        }
    }
}
