package dev.terraseal.bench.sequencer;

import dev.terraseal.kafka.TopicAdmin;
import java.io.IOException;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Events a second and processor time an event, seen from the broker: from the first commit of a group to the one that covers the last event. Both
 * sides are watched in the same way, and the time either needs to start does not count.
 */
final class Throughput {
    private static final long LIMIT_NANOS = 180_000_000_000L;

    /** As long as a commit: looking more often costs the broker work and tells nothing. */
    private static final long LOOK_MILLIS = 20;

    private Throughput() {}

    /**
     * One run.
     *
     * @param microsEach processor time an event in this process and in the broker's
     */
    record Run(double rate, double microsEach) {}

    static Run measure(Stage stage, String group, TopicPartition events, long end)
            throws IOException, InterruptedException {
        Effort before = stage.broker().effort();
        long first = 0;
        long began = 0;
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (System.nanoTime() < deadline) {
            long asked = System.nanoTime();
            long committed = committed(stage.admin(), group, events);
            if (committed >= end) {
                if (began == 0) {
                    throw new IllegalStateException("all was done between two looks; take more events");
                }
                double micros = stage.broker().effort().since(before).processorNanos() / 1e3;
                return new Run((end - first) * 1e9 / (asked - began), micros / (end - first));
            }
            if (began == 0 && committed > 0) {
                first = committed;
                began = asked;
                before = stage.broker().effort();
            }
            Thread.sleep(LOOK_MILLIS);
        }
        throw new IllegalStateException("group " + group + " did not reach event " + end + " within 180 s");
    }

    private static long committed(Admin admin, String group, TopicPartition events) {
        OffsetAndMetadata offset = TopicAdmin.get(
                        admin.listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()))
                                .partitionsToOffsetAndMetadata(group),
                        "say how far " + group + " came")
                .get(events);
        return offset == null ? 0 : offset.offset();
    }
}
