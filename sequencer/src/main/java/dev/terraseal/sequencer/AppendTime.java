package dev.terraseal.sequencer;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The broker's append time. Never throws, and never answers with a negative time: Streams stops on the one and silently
 * drops the record on the other. A topic without append times ends as 0, which the processor rejects.
 */
public final class AppendTime implements TimestampExtractor {
    static final long NONE = 0;

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        return Math.max(NONE, record.timestamp());
    }
}
