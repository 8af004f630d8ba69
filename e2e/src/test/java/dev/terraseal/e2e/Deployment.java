package dev.terraseal.e2e;

import dev.terraseal.testkit.s3.TestCeph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;

/**
 * One log on a cluster of three brokers and a Ceph, every service a process of its own, a producer that never stops, and
 * what starts a service again that ended, as an orchestrator would.
 */
final class Deployment implements AutoCloseable {
    private final Path directory;
    private final ThreeBrokers kafka;
    private final Surroundings around;
    private final Tenant log;
    private final Service sequencer;
    private final Service signer;
    private final Service archiver;
    private final Service ingest;
    private final ReentrantLock producing = new ReentrantLock(true);
    private final Set<Service> held = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> restarts = new TreeMap<>();
    private final List<Thread> threads;
    private volatile boolean over;
    private volatile Throwable failure;

    /** Returns when the first event is in the archive. */
    Deployment(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        kafka = new ThreeBrokers(directory);
        around = new Surroundings(kafka.place(), TestCeph.shared(), 1);
        Terminal.Result created = around.createTopics(directory);
        if (created.exit() != 0) {
            throw new AssertionError(created.toString());
        }
        log = new Tenant(around, directory, "a", 0, null);
        sequencer = around.sequencer("sequencer", directory, state(), log);
        signer = log.signer();
        archiver = log.archiver();
        ingest = log.ingest();
        Service.startAll(services());
        threads = List.of(new Thread(this::produce, "producer"), new Thread(this::orchestrate, "orchestrator"));
        threads.forEach(Thread::start);
        while (log.ids.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        log.awaitCheckpoint();
    }

    Path state() {
        return directory.resolve("state");
    }

    ThreeBrokers kafka() {
        return kafka;
    }

    Surroundings around() {
        return around;
    }

    Tenant log() {
        return log;
    }

    Service sequencer() {
        return sequencer;
    }

    Service signer() {
        return signer;
    }

    List<Service> services() {
        return List.of(sequencer, signer, archiver, ingest);
    }

    /** Another sequencer of the same log, with its own state. Not started. */
    Service secondSequencer() {
        return around.sequencer("sequencer second", directory, directory.resolve("state-second"), log);
    }

    /** Kafka no longer knows how far the sequencer, which is down, has come. */
    void forgetOffsets() throws InterruptedException {
        try (Admin admin = around.kafka().admin("chaos")) {
            while (true) {
                try {
                    List<String> groups = admin.listGroups(ListGroupsOptions.forConsumerGroups()).all().get().stream()
                            .map(GroupListing::groupId)
                            .toList();
                    admin.deleteConsumerGroups(groups).all().get();
                    return;
                } catch (ExecutionException stillMembers) {
                    // A killed member is one until its session ends.
                    TimeUnit.SECONDS.sleep(1);
                }
            }
        }
    }

    /** All topics of the log and the sequencer's state are gone; everything is stopped. */
    void loseTopics() throws InterruptedException, IOException {
        forgetOffsets();
        try (Admin admin = around.kafka().admin("chaos")) {
            Set<String> lost = new HashSet<>(admin.listTopics().names().get());
            lost.removeIf(topic -> !topic.startsWith("terraseal"));
            admin.deleteTopics(lost).all().get();
            while (!Collections.disjoint(admin.listTopics().names().get(), lost)) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (ExecutionException e) {
            throw new AssertionError("the topics were not deleted", e);
        }
        Trees.delete(state());
    }

    /** While {@code work} runs nobody starts this service but it. */
    void holding(Service service, Disaster.Work work) throws Exception {
        held.add(service);
        try {
            work.run();
        } finally {
            held.remove(service);
        }
    }

    /** Waits until so many more events are acknowledged. */
    void awaitEvents(int more) throws InterruptedException {
        int target = log.ids.size() + more;
        while (log.ids.size() < target) {
            requireGoing();
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Waits until everything acknowledged is in the archive under a checkpoint, and runs {@code check} on it in peace. */
    void settled(Disaster.Work check) throws Exception {
        producing.lock();
        try {
            log.awaitCheckpoint();
            requireGoing();
            check.run();
        } finally {
            producing.unlock();
        }
    }

    /** How often each service was started again because it had ended. */
    Map<String, Integer> restarts() {
        synchronized (restarts) {
            return Map.copyOf(restarts);
        }
    }

    /** No more events, and nobody starts anything again. */
    void quiesce() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        requireGoing();
    }

    private void requireGoing() {
        if (failure != null) {
            throw new AssertionError("the deployment does not go on", failure);
        }
    }

    private void produce() {
        try {
            for (int i = 0; !over; i++) {
                producing.lock();
                try {
                    log.submit("event-" + i);
                } finally {
                    producing.unlock();
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (InterruptedException | Error broken) {
            failure = broken;
        }
    }

    private void orchestrate() {
        try {
            while (!over) {
                for (Service service : services()) {
                    if (!held.contains(service) && !service.isAlive()) {
                        synchronized (restarts) {
                            restarts.merge(service.toString(), 1, Integer::sum);
                        }
                        service.start();
                    }
                }
                TimeUnit.MILLISECONDS.sleep(500);
            }
        } catch (InterruptedException | IOException | Error broken) {
            failure = broken;
        }
    }

    /** What every service said, for whoever looks into a failure. */
    String said() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Service service : services()) {
            all.append("== ").append(service).append('\n').append(service.said());
        }
        return all.toString();
    }

    @Override
    public void close() {
        over = true;
        threads.forEach(Thread::interrupt);
        services().forEach(Service::close);
        around.close();
    }
}
