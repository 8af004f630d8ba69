package dev.terraseal.sequencer.state;

import dev.terraseal.core.bytes.Bytes;

/** Kafka's own 16-byte ids of the two topics a log lives on. A topic that was deleted and made again has another. */
public record TopicIds(Bytes events, Bytes sequenced) {
    public static final int BYTES = 16;

    public TopicIds {
        if (events.length() != BYTES || sequenced.length() != BYTES) {
            throw new IllegalArgumentException("a topic id has 16 bytes");
        }
    }
}
