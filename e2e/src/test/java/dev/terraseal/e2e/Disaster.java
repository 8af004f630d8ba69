package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.kafka.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What can happen to a deployment without losing or forking anything. Each leaves everything running. */
enum Disaster {
    /** {@code kill -9} of each service in turn, under load. */
    SERVICES_KILLED(false) {
        @Override
        void strike(Deployment at, Random random) throws Exception {
            for (Service service : at.services()) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(1_000));
                service.kill();
                at.awaitEvents(5);
            }
        }
    },
    /** An upgrade: every service and every broker is stopped in order and started, one after another, under load. */
    ROLLING_RESTART(false) {
        @Override
        void strike(Deployment at, Random random) throws Exception {
            for (Service service : at.services()) {
                at.holding(service, () -> {
                    service.close();
                    service.start();
                });
                at.awaitEvents(20);
            }
            for (ThreeBrokers.Broker broker : at.kafka().all()) {
                broker.process().destroy();
                broker.process().waitFor();
                broker.start();
                at.kafka().awaitAll();
                at.awaitEvents(20);
            }
        }
    },
    /** {@code kill -9} of the broker that leads the log, and its return. */
    LEADER_KILLED(true) {
        @Override
        void strike(Deployment at, Random random) throws Exception {
            ThreeBrokers.Broker leader = at.kafka().leader(Topics.SEQUENCED);
            leader.process().destroyForcibly().waitFor();
            at.awaitEvents(20);
            leader.start();
            at.kafka().awaitAll();
        }
    },
    /** The broker that takes the events stands still longer than a transaction may last. */
    LEADER_FROZEN(false) {
        @Override
        void strike(Deployment at, Random random) throws Exception {
            Process leader = at.kafka().leader(Topics.EVENTS).process();
            Terminal.signal("-STOP", leader);
            TimeUnit.SECONDS.sleep(15);
            Terminal.signal("-CONT", leader);
            at.awaitEvents(20);
        }
    },
    /** Clients lose their way to every broker; the brokers see each other. */
    NETWORK_CUT(false) {
        @Override
        void strike(Deployment at, Random random) throws Exception {
            for (ThreeBrokers.Broker broker : at.kafka().all()) {
                broker.way().set(WayToTheStore.State.CUT);
            }
            TimeUnit.SECONDS.sleep(15);
            for (ThreeBrokers.Broker broker : at.kafka().all()) {
                broker.way().set(WayToTheStore.State.OPEN);
            }
            at.awaitEvents(20);
        }
    },
    /** A sequencer stands still with a transaction open; another takes over; the first wakes up. */
    ZOMBIE_SEQUENCER(true) {
        @Override
        void strike(Deployment at, Random random) throws Exception {
            try (Service second = at.secondSequencer()) {
                at.sequencer().freeze();
                second.start();
                at.awaitEvents(20);
                long begin = System.nanoTime();
                at.log().awaitCheckpoint();
                System.out.printf("chaos: a standby took over in %d ms%n", (System.nanoTime() - begin) / 1_000_000);
                at.sequencer().thaw();
                at.awaitEvents(20);
                at.log().awaitCheckpoint();
            }
        }
    },
    /** The same with a signer, which shares its key and its floor with the one that takes over. */
    ZOMBIE_SIGNER(true) {
        @Override
        void strike(Deployment at, Random random) throws Exception {
            at.holding(at.signer(), () -> {
                at.signer().freeze();
                try (Service second = at.log().signer()) {
                    second.start();
                    at.awaitEvents(20);
                    at.log().awaitCheckpoint();
                    at.signer().thaw();
                    assertThat(at.signer().awaitEnd())
                            .as("the fenced signer: " + at.signer().said())
                            .isEqualTo(3);
                    at.awaitEvents(20);
                    at.log().awaitCheckpoint();
                }
            });
        }
    },
    /** Two sequencers from the start, each with its state. */
    TWO_SEQUENCERS(false) {
        @Override
        void strike(Deployment at, Random random) throws Exception {
            try (Service second = at.secondSequencer()) {
                second.start();
                at.awaitEvents(50);
                at.sequencer().kill();
                at.awaitEvents(50);
                assertThat(second.isAlive())
                        .as("the second sequencer: " + second.said())
                        .isTrue();
            }
        }
    },
    /** The state directory is gone. */
    STATE_DELETED(true) {
        @Override
        void strike(Deployment at, Random random) throws Exception {
            at.holding(at.sequencer(), () -> {
                at.sequencer().kill();
                Trees.delete(at.state());
                at.sequencer().start();
            });
            at.awaitEvents(20);
        }
    },
    /** The state directory is the one of an old backup. */
    STATE_OLD(false) {
        @Override
        void strike(Deployment at, Random random) throws Exception {
            Path backup = at.state().resolveSibling("backup");
            at.holding(at.sequencer(), () -> {
                at.sequencer().kill();
                Trees.copy(at.state(), backup);
                at.sequencer().start();
            });
            at.awaitEvents(300);
            at.holding(at.sequencer(), () -> {
                at.sequencer().kill();
                Trees.delete(at.state());
                Trees.copy(backup, at.state());
                at.sequencer().start();
            });
            at.awaitEvents(20);
            Trees.delete(backup);
        }
    },
    /** Kafka has forgotten how far the sequencer came. */
    OFFSETS_GONE(false) {
        @Override
        void strike(Deployment at, Random random) throws Exception {
            at.holding(at.sequencer(), () -> {
                at.sequencer().kill();
                at.forgetOffsets();
                at.sequencer().start();
            });
            at.awaitEvents(20);
        }
    },
    /** Everything sleeps at once, as on a laptop. */
    ALL_ASLEEP(false) {
        @Override
        void strike(Deployment at, Random random) throws Exception {
            for (Service service : at.services()) {
                service.freeze();
            }
            for (ThreeBrokers.Broker broker : at.kafka().all()) {
                Terminal.signal("-STOP", broker.process());
            }
            TimeUnit.SECONDS.sleep(20);
            for (ThreeBrokers.Broker broker : at.kafka().all()) {
                Terminal.signal("-CONT", broker.process());
            }
            for (Service service : at.services()) {
                service.thaw();
            }
            at.awaitEvents(20);
        }
    },
    /** No schema registry, while everything is started anew. */
    REGISTRY_DOWN(false) {
        @Override
        void strike(Deployment at, Random random) throws Exception {
            at.around().stopRegistry();
            at.sequencer().kill();
            at.signer().kill();
            TimeUnit.SECONDS.sleep(15);
            at.around().startRegistry();
            at.awaitEvents(20);
        }
    },
    /** Half of what comes has come before. */
    DUPLICATE_STORM(false) {
        @Override
        void strike(Deployment at, Random random) throws Exception {
            List<String> sent = List.copyOf(at.log().ids);
            for (int i = 0; i < 200; i++) {
                at.log().submitAgain(sent.get(random.nextInt(sent.size())));
            }
            at.awaitEvents(20);
        }
    },
    /** The wall clocks of all services are an hour ahead, then an hour behind, then right again. */
    CLOCK_SKEW(false) {
        @Override
        void require() {
            OtherTime.require();
        }

        @Override
        void strike(Deployment at, Random random) throws Exception {
            for (Map<String, String> clock :
                    List.of(OtherTime.of("+1h"), OtherTime.of("-1h"), Map.<String, String>of())) {
                for (Service service : at.services()) {
                    at.holding(service, () -> {
                        service.close();
                        service.clock(clock);
                        service.start();
                    });
                }
                at.awaitEvents(50);
                at.log().awaitCheckpoint();
            }
        }
    },
    /** The disk of a broker is full, until somebody makes room. */
    DISK_FULL(false) {
        @Override
        void require() throws IOException {
            SmallDisk.require();
        }

        @Override
        void strike(Deployment at, Random random) throws Exception {
            SmallDisk disk = at.kafka().smallDisk();
            ThreeBrokers.Broker broker = at.kafka().onSmallDisk();
            disk.fill();
            at.awaitEvents(200);
            requireNoticed(broker);
            broker.process().destroyForcibly().waitFor();
            disk.clear();
            broker.start();
            at.kafka().awaitAll();
            at.awaitEvents(20);
        }

        private void requireNoticed(ThreeBrokers.Broker broker) throws Exception {
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
            while (broker.process().isAlive() && !broker.said().contains("No space left")) {
                assertThat(System.nanoTime())
                        .as("the broker whose disk is full goes on and did not say so; see " + broker.log())
                        .isLessThan(deadline);
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    };

    private final boolean inEveryRun;

    Disaster(boolean inEveryRun) {
        this.inEveryRun = inEveryRun;
    }

    /** What a disaster does; may fail in any way. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** Whether the default run has it; the others are of {@code make soak}. */
    boolean inEveryRun() {
        return inEveryRun;
    }

    /** Skips by name where what it needs is not here. */
    void require() throws IOException {}

    abstract void strike(Deployment at, Random random) throws Exception;
}
