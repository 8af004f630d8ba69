package dev.terraseal.sequencer;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The consumer of events, which goes on where the group stands whenever a task begins. Streams (4.3.1) asks for what is
 * committed just before it initialises a task, and at no other time; after an aborted transaction it means to seek back, and
 * forgets to where the rebalance it asks for closes the task before that was initialised again. What had been polled and
 * not sequenced would then be passed over, and committed as done with the next event.
 */
final class FromCommitted extends KafkaConsumer<byte[], byte[]> {
    FromCommitted(Map<String, Object> config) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed = super.committed(partitions);
        Set<TopicPartition> assigned = assignment();
        committed.forEach((partition, offset) -> {
            if (offset != null && assigned.contains(partition)) {
                seek(partition, offset);
            }
        });
        return committed;
    }
}
