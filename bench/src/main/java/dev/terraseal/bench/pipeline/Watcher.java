package dev.terraseal.bench.pipeline;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.Topics;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A subscriber of attestations and checkpoints, which notes when each came. */
final class Watcher implements AutoCloseable {
    private static final TopicPartition ATTESTATIONS = new TopicPartition(Topics.ATTESTATIONS, 0);
    private static final TopicPartition CHECKPOINTS = new TopicPartition(Topics.CHECKPOINTS, 0);

    private final Consumer<byte[], byte[]> consumer;
    private final Times times;
    private final Thread thread = new Thread(this::run, "bench-watcher");
    private volatile boolean stopping;
    private volatile @Nullable RuntimeException failure;

    Watcher(KafkaConnection kafka, Times times) {
        this.consumer = kafka.consumer("bench-watcher", ATTESTATIONS, CHECKPOINTS);
        this.times = times;
        consumer.seekToBeginning(List.of(ATTESTATIONS, CHECKPOINTS));
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!stopping) {
                var records = consumer.poll(Duration.ofMillis(50));
                long now = System.nanoTime();
                for (ConsumerRecord<byte[], byte[]> record : records.records(ATTESTATIONS)) {
                    EntryHeaders headers = EntryHeaders.of(record);
                    times.attested(headers.source(), headers.sequence().value(), now);
                }
                for (ConsumerRecord<byte[], byte[]> record : records.records(CHECKPOINTS)) {
                    times.checkpoint(size(record.value()), now);
                }
            }
        } catch (RuntimeException broken) {
            failure = broken;
        }
    }

    private static long size(byte[] note) {
        try {
            return Checkpoint.parse(SignedNote.parse(Bytes.wrap(note)).text()).size();
        } catch (NoteException notOne) {
            throw new IllegalStateException("a record of terraseal.checkpoints is no checkpoint", notOne);
        }
    }

    /** Stops, and says what went wrong meanwhile. */
    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        consumer.close();
        RuntimeException broken = failure;
        if (broken != null) {
            throw new IllegalStateException("watching failed", broken);
        }
    }
}
