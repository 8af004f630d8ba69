package dev.terraseal.e2e;

import dev.terraseal.kafka.KafkaConnection;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;

/** Kafka as three processes, each broker and controller. Clients reach each one by a way that can be cut. */
final class ThreeBrokers implements AutoCloseable {
    static final String CONTROLLER = "CONTROLLER";
    private static final int COUNT = 3;
    private static final String BETWEEN = "BETWEEN";
    private static final String CLIENTS = "CLIENTS";

    private final List<Broker> brokers = new ArrayList<>();
    private final SmallDisk smallDisk;

    /** One of them. */
    static final class Broker {
        private final Path directory;
        private final Path settings;
        private final WayToTheStore way;
        private Process process;

        private Broker(Path directory, Path settings, WayToTheStore way) {
            this.directory = directory;
            this.settings = settings;
            this.way = way;
        }

        void start() throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            BrokerNode.class.getName(),
                            settings.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
        }

        Process process() {
            return process;
        }

        /** What it says, of all its lives. */
        Path log() {
            return directory.resolveSibling(directory.getFileName() + ".log");
        }

        String said() throws IOException {
            return Files.readString(log());
        }

        /** What its clients come by. */
        WayToTheStore way() {
            return way;
        }
    }

    /** Returns when all three take requests. */
    ThreeBrokers(Path directory) throws IOException, InterruptedException {
        smallDisk = SmallDisk.under(directory.resolve("broker-" + COUNT));
        int[] ports = ports(3 * COUNT);
        String voters = "";
        for (int i = 0; i < COUNT; i++) {
            voters += (i == 0 ? "" : ",") + (i + 1) + "@127.0.0.1:" + ports[3 * i];
        }
        String cluster = Uuid.randomUuid().toString();
        for (int i = 0; i < COUNT; i++) {
            Path data = Files.createDirectories(directory.resolve("broker-" + (i + 1)));
            WayToTheStore way = new WayToTheStore(URI.create("http://127.0.0.1:" + ports[3 * i + 2]));
            Properties settings = settings(i + 1, voters, data, ports, way);
            settings.setProperty("cluster.id", cluster);
            Path file = directory.resolve("broker-" + (i + 1) + ".properties");
            try (Writer out = Files.newBufferedWriter(file)) {
                settings.store(out, null);
            }
            brokers.add(new Broker(data, file, way));
        }
        for (Broker broker : brokers) {
            broker.start();
        }
        awaitAll();
    }

    private static Properties settings(int id, String voters, Path data, int[] ports, WayToTheStore way) {
        Properties settings = new Properties();
        String host = "127.0.0.1:";
        int at = 3 * (id - 1);
        settings.setProperty("node.id", Integer.toString(id));
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("controller.quorum.voters", voters);
        settings.setProperty("controller.listener.names", CONTROLLER);
        settings.setProperty("inter.broker.listener.name", BETWEEN);
        settings.setProperty(
                "listeners",
                CONTROLLER + "://" + host + ports[at] + "," + BETWEEN + "://" + host + ports[at + 1] + "," + CLIENTS
                        + "://" + host + ports[at + 2]);
        settings.setProperty(
                "advertised.listeners",
                BETWEEN + "://" + host + ports[at + 1] + "," + CLIENTS + "://" + host
                        + way.endpoint().getPort());
        settings.setProperty(
                "listener.security.protocol.map",
                CONTROLLER + ":PLAINTEXT," + BETWEEN + ":PLAINTEXT," + CLIENTS + ":PLAINTEXT");
        settings.setProperty("log.dirs", data.toString());
        // What docs/operations.md tells an operator to set.
        settings.setProperty("auto.create.topics.enable", "false");
        settings.setProperty("transactional.id.expiration.ms", Integer.toString(Integer.MAX_VALUE));
        settings.setProperty("offsets.retention.minutes", "525600");
        settings.setProperty("transaction.max.timeout.ms", "60000");
        settings.setProperty("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        settings.setProperty("default.replication.factor", "3");
        settings.setProperty("min.insync.replicas", "2");
        // Three on a machine of two processors: fewer partitions to lead and smaller buffers.
        settings.setProperty("offsets.topic.num.partitions", "3");
        settings.setProperty("transaction.state.log.num.partitions", "3");
        settings.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
        settings.setProperty("log.cleaner.threads", "1");
        settings.setProperty("num.network.threads", "1");
        settings.setProperty("num.io.threads", "2");
        settings.setProperty("group.initial.rebalance.delay.ms", "0");
        return settings;
    }

    /** Ports nobody holds now. */
    private static int[] ports(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        int[] ports = new int[count];
        for (int i = 0; i < count; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            held.add(socket);
            ports[i] = socket.getLocalPort();
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
        return ports;
    }

    List<Broker> all() {
        return brokers;
    }

    /** What the last of them keeps its data on. */
    SmallDisk smallDisk() {
        return smallDisk;
    }

    Broker onSmallDisk() {
        return brokers.get(COUNT - 1);
    }

    String bootstrap() {
        return brokers.stream()
                .map(broker -> "127.0.0.1:" + broker.way().endpoint().getPort())
                .collect(Collectors.joining(","));
    }

    Surroundings.Brokers place() {
        return new Surroundings.Brokers(bootstrap(), COUNT, 2, this);
    }

    /** The one that leads the first partition of a topic. */
    Broker leader(String topic) throws InterruptedException {
        try (Admin admin = new KafkaConnection(bootstrap(), Map.of()).admin("chaos")) {
            TopicDescription description =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            return brokers.get(description.partitions().get(0).leader().id() - 1);
        } catch (ExecutionException e) {
            throw new AssertionError("no leader of " + topic, e);
        }
    }

    /** Returns when every broker is in the cluster again. */
    void awaitAll() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
        try (Admin admin = new KafkaConnection(bootstrap(), Map.of()).admin("chaos")) {
            while (true) {
                Set<Integer> there = nodes(admin);
                for (int id = 1; id <= COUNT; id++) {
                    requireComing(id, there, deadline);
                }
                if (there.size() == COUNT) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }

    /** The other two answer for ever, and a cluster counts one that ended until its session is over. */
    private void requireComing(int id, Set<Integer> there, long deadline) {
        Broker broker = brokers.get(id - 1);
        if (!broker.process().isAlive()) {
            throw new AssertionError(
                    "broker " + id + " ended with " + broker.process().exitValue() + "; see " + broker.log());
        }
        if (!there.contains(id) && System.nanoTime() > deadline) {
            throw new AssertionError("broker " + id + " is not in the cluster after ten minutes, in which are " + there
                    + "; see " + broker.log());
        }
    }

    /** Those the cluster says it has; none while it does not answer. */
    private static Set<Integer> nodes(Admin admin) throws InterruptedException {
        try {
            return admin.describeCluster().nodes().get().stream().map(Node::id).collect(Collectors.toSet());
        } catch (ExecutionException | KafkaException notYet) {
            return Set.of();
        }
    }

    @Override
    public void close() throws IOException {
        for (Broker broker : brokers) {
            // An orderly stop of all of a quorum waits for a leader that is gone.
            broker.process().destroyForcibly().onExit().join();
            broker.way().close();
        }
        smallDisk.close();
    }
}
