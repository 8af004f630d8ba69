package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.statement.StatementIdentity;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the entries before following began, once, for their ids: the topic upwards, and whatever it has no more from the
 * archive. {@code topics trim} may take entries at any moment, so it goes by their sequences and never by offsets alone:
 * a step that leaves entries out is filled before the next.
 */
final class IdLoader {
    private static final Logger LOG = LoggerFactory.getLogger(IdLoader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    /** Of polls without an entry; a Kafka that starts takes seconds. */
    static final int PATIENCE = 300;

    private final KafkaConnection kafka;
    private final TopicPartition attestations;
    private final ArchivedIds archived;
    private final KnownIds ids;
    private final long end;
    private final int patience;
    private final CountDownLatch closing;
    /** Every entry below has been added. */
    private long next;

    /**
     * @param end one past the last entry to read; whoever follows the log adds the rest
     * @param patience polls without an entry before it is said that none may come
     */
    IdLoader(
            KafkaConnection kafka,
            TopicPartition attestations,
            ArchivedIds archived,
            KnownIds ids,
            long end,
            int patience,
            CountDownLatch closing) {
        this.kafka = kafka;
        this.attestations = attestations;
        this.archived = archived;
        this.ids = ids;
        this.end = end;
        this.patience = patience;
        this.closing = closing;
    }

    void load() {
        long begin = System.nanoTime();
        try (Consumer<byte[], byte[]> reader = kafka.consumer("terraseal-ingest-ids", attestations)) {
            reader.seekToBeginning(List.of(attestations));
            for (int silent = 0; next < end && !isClosing(); silent++) {
                for (ConsumerRecord<byte[], byte[]> record : poll(reader)) {
                    silent = 0;
                    if (next < end) {
                        take(LogFollower.attestation(record).statement());
                    }
                }
                if (silent == patience) {
                    incomplete();
                }
            }
        }
        if (next >= end) {
            ids.markComplete();
            LOG.info("event=ids-complete ids={} millis={}", ids.size(), (System.nanoTime() - begin) / 1_000_000);
        }
    }

    private ConsumerRecords<byte[], byte[]> poll(Consumer<byte[], byte[]> reader) {
        try {
            return reader.poll(POLL);
        } catch (OffsetOutOfRangeException trimmed) {
            reader.seekToBeginning(List.of(attestations));
        } catch (TimeoutException silent) {
            LOG.warn("event=ids-wait entry={} reason=\"{}\"", next, silent.getMessage());
        }
        return ConsumerRecords.empty();
    }

    private void take(Bytes statement) {
        StatementIdentity identity = StatementIdentity.scan(statement);
        long sequence = identity.sequence().value();
        if (sequence > next && !archived.load(next, sequence, identity.prevHash())) {
            return;
        }
        ids.add(statement);
        next = Math.max(next, sequence + 1);
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Goes on reading: the next entry says which ones in the archive are the log's. */
    private void incomplete() {
        String reason = "the archive holds entries " + next + " to " + (end - 1) + ", and " + Topics.ATTESTATIONS
                + " gave none that follows them, so they cannot be told from what others put into the archive; events are"
                + " accepted, and receipts of these are found by sequence. Was the topic emptied by hand, or is Kafka"
                + " silent?";
        ids.markIncomplete(reason);
        LOG.error("event=ids-incomplete reason=\"{}\"", reason);
    }
}
