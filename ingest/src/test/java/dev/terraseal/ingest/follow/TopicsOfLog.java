package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.schemas.OutcomeRecord;
import dev.terraseal.testkit.log.LogFixture;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the stages would have put on the topics of one log. The event at an offset is the entry of that sequence. */
final class TopicsOfLog implements AutoCloseable {
    private final KafkaConnection kafka;
    private final int partition;
    private final LogFixture log;
    private final Producer<byte[], byte[]> producer;

    TopicsOfLog(KafkaConnection kafka, int partition, LogFixture log) {
        this.kafka = kafka;
        this.partition = partition;
        this.log = log;
        this.producer = kafka.producer("stages-" + partition);
    }

    void attest(int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            AttestationRecord entry = Attested.entry(log, i);
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(Topics.ATTESTATIONS, partition, null, entry.encode(1));
            new EntryHeaders(entry.sequence(), i, entry.entryHash()).addTo(record.headers());
            producer.send(record).get();
        }
    }

    void checkpoint(Bytes note) throws Exception {
        send(Topics.CHECKPOINTS, null, note.toByteArray());
    }

    void event(String stream) throws Exception {
        send(Topics.EVENTS, Bytes.utf8(stream).toByteArray(), new byte[] {1});
    }

    void outcome(OutcomeRecord outcome) throws Exception {
        send(Topics.OUTCOMES, null, outcome.encode(1));
    }

    private void send(String topic, byte @Nullable [] key, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(topic, partition, key, value)).get();
    }

    void trim(long below) {
        try (Admin admin = kafka.admin("trim")) {
            admin.deleteRecords(Map.of(
                            new TopicPartition(Topics.ATTESTATIONS, partition), RecordsToDelete.beforeOffset(below)))
                    .all()
                    .get();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
