package dev.terraseal.kafka;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes Kafka's clients from settings. A port, so that everything above a client (which offsets are asked for, what is
 * read to where, what is done about a failure) can be run against a Kafka that does not exist. The settings come whole:
 * isolation, acknowledgements and transactional ids are in them, and whoever stands in for Kafka has to honour them.
 */
public interface KafkaClients {
    /** Kafka's own, over the network. */
    KafkaClients NETWORK = new Network();

    Admin admin(Map<String, Object> settings);

    /** A consumer that is assigned nothing yet. */
    Consumer<byte[], byte[]> consumer(Map<String, Object> settings);

    Producer<byte[], byte[]> producer(Map<String, Object> settings);

    /** What {@link #NETWORK} is. */
    final class Network implements KafkaClients {
        private Network() {}

        @Override
        public Admin admin(Map<String, Object> settings) {
            return made(settings, () -> Admin.create(settings));
        }

        @Override
        public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
            return made(
                    settings,
                    () -> new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
        }

        @Override
        public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
            return made(
                    settings,
                    () -> new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()));
        }

        /** A name that does not resolve is met here, before anything is asked. */
        private static <T> T made(Map<String, Object> settings, Supplier<T> client) {
            try {
                return client.get();
            } catch (KafkaException failed) {
                throw new KafkaUnavailableException(
                        "no client for the Kafka at " + settings.get("bootstrap.servers") + " ("
                                + KafkaConnection.BOOTSTRAP + ")",
                        failed);
            }
        }
    }
}
