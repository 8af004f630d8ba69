package dev.terraseal.kafka;

import dev.terraseal.core.bytes.Bytes;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What was published last on {@code terraseal.checkpoints}, as every stage looks at it. Not the newest record alone: who
 * may write there can put anything behind it, also a true note of long ago. Which of them the log signed is for whoever
 * asks to find out.
 */
public final class CheckpointNotes {
    /** Hours of checkpoints, and a few fetches. */
    private static final int LAST = 10_000;

    private CheckpointNotes() {}

    /** The values among the last {@value #LAST} records, oldest first. */
    public static List<Bytes> last(TopicEnd end) {
        return end.last(LAST).stream()
                .map(ConsumerRecord::value)
                .filter(Objects::nonNull)
                .map(Bytes::wrap)
                .toList();
    }
}
