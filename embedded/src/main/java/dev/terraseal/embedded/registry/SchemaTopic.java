package dev.terraseal.embedded.registry;

import dev.terraseal.kafka.HangingTransactions;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.SettingDemand;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.TopicFinding;
import dev.terraseal.kafka.TopicSpec;
import dev.terraseal.kafka.UnsafeTopicsException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** The registry's own topic, with one writer: opening it fences the one before. */
final class SchemaTopic implements AutoCloseable {
    static final String NAME = "terraseal.schemas";

    private static final String WRITER = "terraseal-schemas";
    private static final TopicPartition PARTITION = new TopicPartition(NAME, 0);

    private final Producer<byte[], byte[]> producer;

    private SchemaTopic(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /** Creates the topic where it is missing, becomes its writer, and applies all that it holds. */
    static SchemaTopic open(KafkaConnection connection, InstantSource clock, Catalogue catalogue) {
        try (Admin admin = connection.admin(WRITER)) {
            createSafe(admin);
            Producer<byte[], byte[]> producer = connection.transactionalProducer(WRITER);
            try {
                producer.initTransactions();
                new HangingTransactions(admin, WRITER::equals).abort(List.of(PARTITION));
                try (TopicEnd end = TopicEnd.open(connection, admin, WRITER, PARTITION, clock)) {
                    end.readFrom(0, record -> catalogue.apply(RegistryEntry.read(record)));
                }
                return new SchemaTopic(producer);
            } catch (RuntimeException e) {
                producer.close();
                throw e;
            }
        }
    }

    private static void createSafe(Admin admin) {
        TopicSpec spec = spec();
        TopicAdmin topics = new TopicAdmin(admin);
        topics.create(List.of(spec));
        List<TopicFinding> findings = topics.check(List.of(spec));
        if (!findings.isEmpty()) {
            throw new UnsafeTopicsException(findings);
        }
    }

    private static TopicSpec spec() {
        // A schema id on a flushed event must not be lost with the power, so this topic is flushed as events are.
        return new TopicSpec(
                NAME,
                1,
                1,
                Map.of("cleanup.policy", "compact", "flush.messages", "1"),
                List.of(new SettingDemand(
                        "cleanup.policy",
                        "compact",
                        false,
                        "deleted schemas make the records that were written with them unreadable")));
    }

    /** Returns when the entry is kept; after an exception it may or may not be, and this object is of no more use. */
    void write(RegistryEntry entry) {
        producer.beginTransaction();
        Future<RecordMetadata> sent = producer.send(new ProducerRecord<>(NAME, 0, entry.key(), entry.value()));
        producer.commitTransaction();
        if (!sent.isDone()) {
            throw new KafkaException("the transaction was committed before its record was acknowledged");
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
