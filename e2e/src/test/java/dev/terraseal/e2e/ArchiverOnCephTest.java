package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.testkit.s3.TestCeph;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
            List<Service> services = List.of(
                    around.sequencer("sequencer", directory, directory.resolve("state"), log),
                    log.signer(),
                    ingest,
                    archiver);
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
                Json.Obj audit = Evidence.requireAudit(around, directory, log);
                System.out.println("archiver-on-ceph: " + audit.number("objects") + " objects, "
                        + audit.number("versions") + " versions");
                Evidence.requireEveryEventOnce(around, directory, log);
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
}
