package dev.terraseal.bench.pipeline;

import dev.terraseal.bench.sequencer.PlainCopy;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicAdmin;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/** The reference for time: two hand-written exactly-once copies one after the other, which do nothing else. */
final class TwoHops {
    /** As the sequencer commits. */
    private static final Duration COMMIT = Duration.ofMillis(20);

    private static final long LIMIT_NANOS = Duration.ofSeconds(60).toNanos();

    private TwoHops() {}

    /** Milliseconds from accept to the end of the second hop, ascending; the first {@code skipped} do not count. */
    static double[] millis(KafkaConnection kafka, String name, byte[][] values, int perSecond, int skipped)
            throws InterruptedException {
        List<String> topics = List.of(name + "-in", name + "-between", name + "-out");
        try (Admin admin = kafka.admin("bench-copies")) {
            TopicAdmin.get(
                    admin.createTopics(topics.stream()
                                    .map(topic -> new NewTopic(topic, 1, (short) 1)
                                            .configs(Map.of("max.message.bytes", "2097152")))
                                    .toList())
                            .all(),
                    "create topics of the copies");
            try (PlainCopy first =
                            new PlainCopy(kafka.bootstrap(), name + "-1", topics.get(0), topics.get(1), COMMIT, 0);
                    PlainCopy second =
                            new PlainCopy(kafka.bootstrap(), name + "-2", topics.get(1), topics.get(2), COMMIT, 0)) {
                first.start();
                second.start();
                return measure(kafka, topics, values, perSecond, skipped);
            } finally {
                TopicAdmin.get(admin.deleteTopics(topics).all(), "delete topics of the copies");
            }
        }
    }

    private static double[] measure(
            KafkaConnection kafka, List<String> topics, byte[][] values, int perSecond, int skipped)
            throws InterruptedException {
        AtomicLongArray accepted = new AtomicLongArray(values.length);
        double[] took = new double[values.length];
        TopicPartition out = new TopicPartition(topics.get(2), 0);
        Thread sender = new Thread(
                () -> {
                    try (Producer<byte[], byte[]> producer = Load.producer(kafka.bootstrap())) {
                        Load.send(
                                producer,
                                topics.get(0),
                                values,
                                perSecond,
                                (offset, nanos) -> accepted.set((int) offset, nanos));
                    }
                },
                "bench-copied");
        try (Consumer<byte[], byte[]> consumer = kafka.consumer("bench-copy", out)) {
            consumer.seekToBeginning(List.of(out));
            sender.start();
            int received = 0;
            long deadline = System.nanoTime() + LIMIT_NANOS;
            while (received < values.length && System.nanoTime() < deadline) {
                List<ConsumerRecord<byte[], byte[]>> records =
                        consumer.poll(Duration.ofMillis(50)).records(out);
                long now = System.nanoTime();
                for (int i = 0; i < records.size(); i++, received++) {
                    took[received] = now;
                }
            }
            sender.join();
            if (received < values.length) {
                throw new IllegalStateException(
                        "only " + received + " of " + values.length + " came out of the copies");
            }
        }
        for (int i = 0; i < took.length; i++) {
            took[i] = (took[i] - accepted.get(i)) / 1e6;
        }
        double[] measured = Arrays.copyOfRange(took, skipped, took.length);
        Arrays.sort(measured);
        return measured;
    }
}
