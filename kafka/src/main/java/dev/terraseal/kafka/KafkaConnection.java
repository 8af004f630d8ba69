package dev.terraseal.kafka;

import dev.terraseal.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Where Kafka is and how to be let in. What a user may set is only that; acknowledgements, idempotence, isolation and
 * transactions are code here, because a wrong one loses evidence in silence.
 *
 * @param bootstrap {@code host:port} list, setting {@code kafka.bootstrap}
 * @param client settings under {@code kafka.client.}, without that prefix: {@code security.*}, {@code sasl.*},
 *     {@code ssl.*} and how the network is used
 * @param clients makes the clients from the settings
 */
public record KafkaConnection(String bootstrap, Map<String, String> client, KafkaClients clients) {
    public static final String BOOTSTRAP = "kafka.bootstrap";
    public static final String PREFIX = "kafka.client.";

    /** After so long Kafka ends a transaction of {@link #transactionalProducer} by itself, and its producer is fenced. */
    public static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

    private static final List<String> ALLOWED = List.of(
            "security.",
            "sasl.",
            "ssl.",
            "client.dns.lookup",
            "client.rack",
            "reconnect.backoff.",
            "socket.connection.setup.timeout.",
            "connections.max.idle.ms",
            "metadata.max.age.ms");

    /** Every setting that Kafka's clients have; what it calls a password is none to show. */
    private static final Map<String, ConfigDef.ConfigKey> KNOWN = known();

    private static Map<String, ConfigDef.ConfigKey> known() {
        Map<String, ConfigDef.ConfigKey> known =
                new HashMap<>(AdminClientConfig.configDef().configKeys());
        known.putAll(ConsumerConfig.configDef().configKeys());
        known.putAll(ProducerConfig.configDef().configKeys());
        return known;
    }

    public KafkaConnection {
        client = Map.copyOf(client);
        if (bootstrap.isBlank()) {
            throw new IllegalArgumentException(BOOTSTRAP + " is empty; give host:port of a broker");
        }
        List<String> refused = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String name : new TreeSet<>(client.keySet())) {
            if (ALLOWED.stream().noneMatch(name::startsWith)) {
                refused.add(PREFIX + name);
            } else if (!KNOWN.containsKey(name)) {
                unknown.add(PREFIX + name);
            }
        }
        if (!unknown.isEmpty()) {
            // Kafka would pass over it, and go on without what was meant.
            throw new IllegalArgumentException(String.join(", ", unknown)
                    + ": Kafka's clients know no such setting; is it spelt as in Kafka's documentation?");
        }
        if (!refused.isEmpty()) {
            throw new IllegalArgumentException(String.join(", ", refused)
                    + ": not a setting here. Security and network settings pass through (" + String.join(" ", ALLOWED)
                    + "); what safety depends on is code");
        }
    }

    /** Reads {@value #BOOTSTRAP} and everything under {@value #PREFIX}. What is wrong is noted in {@code settings}. */
    public static KafkaConnection from(Settings settings) {
        String bootstrap = settings.text(BOOTSTRAP);
        Map<String, String> client = settings.below(PREFIX, KafkaConnection::mayBeShown);
        // A missing bootstrap is noted above; the rest is still looked at, so that everything is said at once.
        String known = bootstrap.isBlank() ? "missing" : bootstrap;
        try {
            return new KafkaConnection(known, client);
        } catch (IllegalArgumentException wrong) {
            settings.problem(PREFIX + "*", "is wrong: " + wrong.getMessage());
            return new KafkaConnection(known, Map.of());
        }
    }

    private static boolean mayBeShown(String name) {
        ConfigDef.ConfigKey key = KNOWN.get(name);
        return key != null && key.type() != ConfigDef.Type.PASSWORD;
    }

    /** A Kafka that is reached over the network. */
    public KafkaConnection(String bootstrap, Map<String, String> client) {
        this(bootstrap, client, KafkaClients.NETWORK);
    }

    /** The settings every client of this connection shares; also the base of a Streams configuration. */
    public Map<String, Object> clientSettings(String clientId) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("bootstrap.servers", bootstrap);
        settings.put("client.id", clientId);
        return settings;
    }

    public Admin admin(String clientId) {
        return clients.admin(clientSettings(clientId));
    }

    /**
     * A consumer of exactly these partitions, in no group, that sees committed records only and starts nowhere: the
     * caller seeks. A position that is gone is an error and never silently another one.
     */
    public Consumer<byte[], byte[]> consumer(String clientId, TopicPartition... partitions) {
        return consumer(ClientSettings.consumer(clientSettings(clientId)), partitions);
    }

    /** For reading back and forth in what is there: it waits for nothing, so that a seek costs one round trip. */
    Consumer<byte[], byte[]> seekingConsumer(String clientId, TopicPartition partition) {
        return consumer(ClientSettings.seekingConsumer(clientSettings(clientId)), partition);
    }

    private Consumer<byte[], byte[]> consumer(Map<String, Object> settings, TopicPartition... partitions) {
        Consumer<byte[], byte[]> consumer = clients.consumer(settings);
        consumer.assign(List.of(partitions));
        return consumer;
    }

    /** For producers whose records stand alone (events, checkpoints): idempotent, acknowledged by all in sync. */
    public Producer<byte[], byte[]> producer(String clientId) {
        return clients.producer(ClientSettings.producer(clientSettings(clientId)));
    }

    /**
     * For a stage that writes its output in transactions. {@code initTransactions()} on it fences every older producer
     * of the same id and returns only when their last transaction is decided.
     *
     * @param transactionalId the same at every start of the same stage of the same log
     */
    public Producer<byte[], byte[]> transactionalProducer(String transactionalId) {
        return clients.producer(ClientSettings.transactional(clientSettings(transactionalId), transactionalId));
    }

    /** Without the values: passwords are among them. */
    @Override
    public String toString() {
        return "KafkaConnection[" + bootstrap + ", " + new TreeMap<>(client).keySet() + "]";
    }
}
