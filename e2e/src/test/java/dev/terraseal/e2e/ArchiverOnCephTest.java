package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.testkit.s3.TestCeph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged archiver on a store that enforces Object Lock, killed at random points under load, then with a way to the
 * store in every kind of disorder. {@code -Dterraseal.kills=200 -Dterraseal.seed=…} for longer and others.
 */
class ArchiverOnCephTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261129);
    private static final int KILLS = Integer.getInteger("terraseal.kills", 20);
    private static final int UNREACHABLE_SECONDS = Integer.getInteger("terraseal.unreachable", 15);

    @TempDir
    Path directory;

    private Tenant log;
    private Service archiver;

    @Test
    void nothingIsLostHoweverOftenItIsKilledAndWhateverTheStoreDoes() throws Exception {
        System.out.println("archiver-on-ceph: seed " + SEED + ", " + KILLS + " kills");
        try (Surroundings around = new Surroundings(directory, TestCeph.shared(), 1);
                WayToTheStore way = new WayToTheStore(around.s3())) {
            Terminal.Result created = around.createTopics(directory);
            assertThat(created.exit()).as(created.toString()).isZero();
            log = new Tenant(around, directory, "a", 0, null);
            archiver = log.archiver(way.endpoint());
            Service ingest = log.ingest();
            List<Service> services = List.of(sequencer(around), log.signer(), ingest, archiver);
            AtomicBoolean enough = new AtomicBoolean();
            try {
                Service.startAll(services.subList(0, 3));
                log.submit("first");
                CompletableFuture<Void> load = CompletableFuture.runAsync(() -> load(enough));
                kill(way);
                disorder(way);
                enough.set(true);
                load.get(2, TimeUnit.MINUTES);
                log.awaitCheckpoint();
                System.out.println("archiver-on-ceph: " + log.ids.size() + " events");
                requireNothingIsWrong(around);
            } catch (AssertionError | Exception failed) {
                for (Service service : services) {
                    System.out.println("== " + service + "\n" + service.said());
                }
                throw failed;
            } finally {
                enough.set(true);
                services.forEach(Service::close);
            }
        }
    }

    private Service sequencer(Surroundings around) {
        return new Service(
                "sequencer",
                directory,
                around.environment(Map.of(
                        "TERRASEAL_REGISTRY_URL",
                        around.registryUrl(),
                        "TERRASEAL_KAFKA_REPLICATION",
                        "1",
                        "TERRASEAL_KAFKA_MIN__INSYNC",
                        "1",
                        "TERRASEAL_LOG_FILES",
                        log.declaration().toString(),
                        "TERRASEAL_SEQUENCER_STATE",
                        directory.resolve("state").toString())));
    }

    private void load(AtomicBoolean enough) {
        try {
            for (int i = 0; !enough.get(); i++) {
                log.submit("load-" + i);
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Every second time while it starts or reads the archive, else at or between any two of its writes. */
    private void kill(WayToTheStore way) throws Exception {
        Random random = new Random(SEED);
        for (int i = 0; i < KILLS; i++) {
            long before = way.writes();
            archiver.start();
            if (i % 2 == 1) {
                long writes = before + 1 + random.nextInt(20);
                while (way.writes() < writes) {
                    assertThat(archiver.isAlive()).as(archiver.said()).isTrue();
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(10));
            } else {
                TimeUnit.MILLISECONDS.sleep(1_000 + random.nextInt(2_000));
            }
            assertThat(archiver.isAlive()).as(archiver.said()).isTrue();
            archiver.kill();
            System.out.println("archiver-on-ceph: kill " + i + " after " + (way.writes() - before) + " writes");
        }
        archiver.start();
        log.awaitCheckpoint();
    }

    private void disorder(WayToTheStore way) throws Exception {
        for (WayToTheStore.State state : WayToTheStore.State.values()) {
            int before = archiver.said().length();
            way.set(state);
            TimeUnit.SECONDS.sleep(state == WayToTheStore.State.CUT ? UNREACHABLE_SECONDS : 5);
            assertThat(archiver.isAlive()).as(state + ": " + archiver.said()).isTrue();
            if (state == WayToTheStore.State.CUT) {
                assertThat(archiver.said().substring(before)).contains("action=wait");
            }
            way.set(WayToTheStore.State.OPEN);
            log.awaitCheckpoint();
        }
    }

    /** No fork, no gap, no checkpoint ahead of its entries, nothing left over; every event once, in the order sent. */
    private void requireNothingIsWrong(Surroundings around) throws IOException {
        Terminal.Result audited = Terminal.run(
                directory,
                around.environment(),
                Terminal.command(
                        "audit",
                        log.archive(),
                        "--s3-endpoint",
                        around.s3(),
                        "--genesis",
                        log.genesis(),
                        "--at-least",
                        log.ids.size(),
                        "--json"));
        assertThat(audited.exit()).as(audited.toString()).isZero();
        Json.Obj audit =
                CanonicalJson.parseObject(Bytes.utf8(audited.out().trim())).object("audit");
        System.out.println(
                "archiver-on-ceph: " + audit.number("objects") + " objects, " + audit.number("versions") + " versions");
        assertThat(audit.array("findings").objects()).as(audited.out()).isEmpty();

        Path bundle = directory.resolve("bundle");
        Terminal.Result exported = Terminal.run(
                directory,
                around.environment(Map.of("TERRASEAL_TOKEN", log.token())),
                Terminal.command(
                        "export",
                        "--archive",
                        log.archive(),
                        "--s3-endpoint",
                        around.s3(),
                        "--keys",
                        log.directory().resolve("keys"),
                        "--server",
                        log.server(),
                        "--out",
                        bundle));
        assertThat(exported.exit()).as(exported.toString()).isZero();
        Terminal.Result verified = Terminal.terraseal(directory, "verify", bundle, "--genesis", log.genesis());
        assertThat(verified.exit()).as(verified.toString()).isZero();
        List<String> ids = new ArrayList<>();
        try (Stream<Path> files = Files.list(bundle.resolve("artifacts"))) {
            for (Path file : files.sorted().toList()) {
                // Above 10,000 artifacts a file holds many, a line each.
                for (String line : Files.readAllLines(file)) {
                    Statement statement = Statement.parse(Bytes.utf8(line));
                    if (!statement.stream().isReserved()) {
                        ids.add(statement.id().value());
                    }
                }
            }
        }
        assertThat(ids).as("every event once, in the order it was sent").isEqualTo(log.ids);
    }
}
