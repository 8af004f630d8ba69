package dev.terraseal.embedded;

import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;

/** The configuration of a cluster of one, and why each setting is not Kafka's default. */
final class BrokerSettings {
    static final int NODE_ID = 1;
    static final String CONTROLLER = "CONTROLLER";

    private BrokerSettings() {}

    static KafkaConfig of(Path logDirectory, int port, int controllerPort) {
        Properties settings = new Properties();
        listeners(settings, port, controllerPort);
        settings.setProperty("log.dirs", logDirectory.toString());
        oneNode(settings);
        evidence(settings);
        restart(settings);
        footprint(settings);
        return new KafkaConfig(settings, false);
    }

    private static void listeners(Properties settings, int port, int controllerPort) {
        String broker = LoopbackPort.HOST + ":" + port;
        String controller = LoopbackPort.HOST + ":" + controllerPort;
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", Integer.toString(NODE_ID));
        settings.setProperty("listeners", "PLAINTEXT://" + broker + "," + CONTROLLER + "://" + controller);
        settings.setProperty("advertised.listeners", "PLAINTEXT://" + broker);
        settings.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        settings.setProperty("inter.broker.listener.name", "PLAINTEXT");
        settings.setProperty("controller.listener.names", CONTROLLER);
        settings.setProperty("controller.quorum.voters", NODE_ID + "@" + controller);
    }

    /** Kafka's defaults ask for three brokers; its internal topics would wait for them for ever. */
    private static void oneNode(Properties settings) {
        settings.setProperty("default.replication.factor", "1");
        settings.setProperty("min.insync.replicas", "1");
        settings.setProperty("offsets.topic.replication.factor", "1");
        settings.setProperty("offsets.topic.num.partitions", "1");
        settings.setProperty("transaction.state.log.replication.factor", "1");
        settings.setProperty("transaction.state.log.min.isr", "1");
        settings.setProperty("transaction.state.log.num.partitions", "1");
        settings.setProperty("share.coordinator.state.topic.replication.factor", "1");
        settings.setProperty("share.coordinator.state.topic.min.isr", "1");
        settings.setProperty("share.coordinator.state.topic.num.partitions", "1");
    }

    private static void evidence(Properties settings) {
        // A topic made by a typing error would have default retention, and events sent to it would be lost in a week.
        settings.setProperty("auto.create.topics.enable", "false");
        settings.setProperty("log.retention.ms", "-1");
        settings.setProperty("unclean.leader.election.enable", "false");
        // Seven idle days must not make the sequencer forget how far it came.
        settings.setProperty("offsets.retention.minutes", "525600");
        // A stage without work for seven days would find its transactional id forgotten; this is the largest value.
        settings.setProperty("transactional.id.expiration.ms", Integer.toString(Integer.MAX_VALUE));
    }

    /** What would otherwise make a restart wait: for members that are gone, and for transactions of the dead. */
    private static void restart(Properties settings) {
        settings.setProperty("group.initial.rebalance.delay.ms", "0");
        settings.setProperty("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        // Any writer can hold back every reader for as long as its transaction may last: Kafka's limit is 15 minutes.
        settings.setProperty("transaction.max.timeout.ms", "60000");
        // After kill -9 whatever lies beyond the last flush is read again, which is all of the newest segment: of a
        // gigabyte by default.
        settings.setProperty("log.segment.bytes", Integer.toString(64 << 20));
        settings.setProperty("num.recovery.threads.per.data.dir", "2");
        // Coordinators read their whole topics before they answer; a compacted segment is a short one.
        settings.setProperty("transaction.state.log.segment.bytes", Integer.toString(4 << 20));
        settings.setProperty("offsets.topic.segment.bytes", Integer.toString(4 << 20));
        // Nobody else reads those topics, so markers of transactions need not stay for a day.
        settings.setProperty("log.cleaner.delete.retention.ms", "600000");
        // After kill -9 the controller admits this broker only when the session of its former life has ended: 9 s by
        // default. A pause longer than this fences the broker for some 100 ms; clients retry, nothing is lost.
        settings.setProperty("broker.session.timeout.ms", "1500");
        settings.setProperty("broker.heartbeat.interval.ms", "300");
    }

    /** One process beside a pipeline's own work: at Kafka's defaults 128 MiB go to a cleaner with nothing to clean. */
    private static void footprint(Properties settings) {
        settings.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
        settings.setProperty("log.cleaner.threads", "1");
        settings.setProperty("num.network.threads", "2");
        settings.setProperty("num.io.threads", "4");
        settings.setProperty("background.threads", "4");
        settings.setProperty("num.partitions", "1");
    }
}
