package dev.terraseal.simulation.kafka;

import dev.terraseal.simulation.Call;
import dev.terraseal.simulation.Chance;
import dev.terraseal.simulation.Fault;
import dev.terraseal.simulation.Life;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** {@code Consumer} with assigned partitions, as far as the services use it. */
final class SimulatedConsumer implements InvocationHandler {
    private final Broker broker;
    private final Calls calls;
    private final Life life;
    private final Chance chance;
    private final Call call;
    private final boolean seeking;
    private final boolean committedOnly;
    private final Map<TopicPartition, Long> positions = new LinkedHashMap<>();

    SimulatedConsumer(
            Broker broker, Calls calls, StageCalls names, Life life, Chance chance, Map<String, Object> settings) {
        this.broker = broker;
        this.calls = calls;
        this.life = life;
        this.chance = chance;
        // Those that read an end wait for nothing; those that follow do.
        this.seeking = settings.containsKey("fetch.max.wait.ms");
        this.call = seeking ? names.read() : names.poll();
        this.committedOnly = "read_committed".equals(settings.get("isolation.level"));
        if (!"none".equals(settings.get("auto.offset.reset"))) {
            throw new IllegalArgumentException("this consumer would jump where its position is gone");
        }
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
        switch (method.getName()) {
            case "close", "wakeup" -> {
                return null;
            }
            case "assign" -> {
                ((Collection<?>) arguments[0]).forEach(partition -> positions.put((TopicPartition) partition, -1L));
                return null;
            }
            case "seek" -> {
                positions.put((TopicPartition) arguments[0], (Long) arguments[1]);
                return null;
            }
            case "position" -> {
                return positions.get((TopicPartition) arguments[0]);
            }
            case "currentLag" -> {
                TopicPartition asked = (TopicPartition) arguments[0];
                return OptionalLong.of(broker.partition(asked.topic()).stable() - positions.get(asked));
            }
            case "poll" -> {
                return poll((Duration) arguments[0]);
            }
            default -> throw new UnsupportedOperationException("no stand-in for Consumer." + method.getName());
        }
    }

    private ConsumerRecords<byte[], byte[]> poll(Duration atMost) {
        ConsumerRecords<byte[], byte[]> records = calls.<ConsumerRecords<byte[], byte[]>, KafkaException>make(
                life, call, this::fetch, fault -> fault == Fault.TIME_OUT ? null : new KafkaException("no fetch"));
        if (records == null || records.isEmpty()) {
            calls.idle(life, atMost.toMillis());
            return ConsumerRecords.empty();
        }
        return records;
    }

    private ConsumerRecords<byte[], byte[]> fetch() {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetched = new LinkedHashMap<>();
        int left = seeking || calls.calm() || chance.below(4) == 0 ? Integer.MAX_VALUE : 1 + chance.below(12);
        for (Map.Entry<TopicPartition, Long> each : positions.entrySet()) {
            Partition partition = broker.partition(each.getKey().topic());
            long position = each.getValue();
            if (position < 0 || position > partition.end()) {
                throw new OffsetOutOfRangeException(Map.of(each.getKey(), position));
            }
            long end = committedOnly ? partition.stable() : partition.end();
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (; position < end && left > 0; position++) {
                Rec rec = partition.at(position);
                boolean aborted = rec.span() != null && rec.span().state() == Span.State.ABORTED;
                if (!rec.marker() && !(committedOnly && aborted)) {
                    records.add(record(each.getKey(), rec));
                    left--;
                }
            }
            each.setValue(position);
            if (!records.isEmpty()) {
                fetched.put(each.getKey(), records);
            }
        }
        return fetched.isEmpty() ? ConsumerRecords.empty() : new ConsumerRecords<>(fetched, Map.of());
    }

    private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, Rec rec) {
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                rec.offset(),
                rec.timestamp(),
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                rec.key(),
                rec.value(),
                new RecordHeaders(rec.headers()),
                Optional.empty());
    }
}
