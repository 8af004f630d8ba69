package dev.terraseal.sequencer;

import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.Topics;
import dev.terraseal.simulation.Call;
import dev.terraseal.simulation.Chance;
import dev.terraseal.simulation.Life;
import dev.terraseal.simulation.Time;
import dev.terraseal.simulation.kafka.Calls;
import dev.terraseal.simulation.kafka.GroupMember;
import java.io.File;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * One process of the sequencer. What it runs is production: {@link StartOffsets}, {@link KafkaLogTopics}, {@link
 * SequenceProcessor} and all below. What it stands in for is Kafka Streams with exactly_once_v2: one task on one thread,
 * whose records, changelog and offsets are one transaction; a transaction that went wrong is aborted, the store is made
 * again from the changelog, and {@code init()} is called on the same processor object.
 */
public final class SimulatedTask {
    public static final String APPLICATION = SequencerConfig.APPLICATION;
    public static final String CHANGELOG = APPLICATION + "-" + SequencerTopology.CHUNKS + "-changelog";
    private static final TopicPartition EVENTS = new TopicPartition(Topics.EVENTS, 0);
    private static final TaskId TASK = new TaskId(0, 0);

    private final SequencerConfig config;
    private final KafkaConnection kafka;
    private final GroupMember group;
    private final Calls calls;
    private final Life life;
    private final Chance chance;
    private final Time time;
    private final SequencerVariation variation;
    private final LogTopics topics;
    private final SequenceProcessor processor;
    private final String transactionalId;
    private final TreeMap<byte[], byte[]> chunks = new TreeMap<>(Arrays::compareUnsigned);
    private final List<Future<?>> sent = new ArrayList<>();
    private Producer<byte[], byte[]> producer;
    private Consumer<byte[], byte[]> events;
    private boolean begun;
    private long position;
    private long current;
    private int sinceCommit;

    /** What a process is given. {@code processId} is from its state directory: another one after that was lost. */
    public record Given(
            KafkaConnection kafka,
            GroupMember group,
            Calls calls,
            Life life,
            Chance chance,
            Time time,
            LogDeclaration log,
            SignatureChecker checker,
            EventReading reading,
            int processId,
            LongSupplier floor,
            SequencerVariation variation) {}

    public SimulatedTask(Given given) {
        this.kafka = given.kafka();
        this.group = given.group();
        this.calls = given.calls();
        this.life = given.life();
        this.chance = given.chance();
        this.time = given.time();
        this.variation = given.variation();
        this.config = SequencerConfig.embedded(
                kafka, Path.of("unused"), given.log(), given.floor().getAsLong());
        this.topics = variation.topics(new KafkaLogTopics(config, given.checker(), given::reading, time));
        this.transactionalId = APPLICATION + "-" + given.processId() + "-1";
        this.processor = new SequenceProcessor(
                new SequenceProcessor.Shared(
                        config.logs()::get,
                        topics,
                        new SchemaIds(1, 2, 3, 4),
                        given.checker(),
                        new Failures(),
                        () -> calls.idle(life, 2_000),
                        new SequencerProgress()),
                given.reading());
    }

    /** Starts, takes some events, or commits. */
    public void turn() {
        if (producer == null) {
            start();
        } else if (sinceCommit > 0 && chance.below(3) == 0) {
            orTakeUpAgain(this::commit);
        } else {
            orTakeUpAgain(this::take);
            if (calls.calm() && sinceCommit > 0) {
                orTakeUpAgain(this::commit);
            }
        }
    }

    private void start() {
        new StartOffsets(config, topics).settle();
        join();
        events = kafka.consumer("sequencer", EVENTS);
        takeUp(true);
    }

    private void join() {
        for (int tries = 0; ; tries++) {
            try {
                group.join(APPLICATION + "-" + config.instance() + "-1", calls, life);
                return;
            } catch (TimeoutException slow) {
                if (tries > 5) {
                    throw slow;
                }
            }
        }
    }

    private void orTakeUpAgain(Runnable work) {
        try {
            work.run();
        } catch (TaskCorruptedException | TimeoutException aborted) {
            takeUp(false);
        }
    }

    /** As Streams revives a task: fence and abort, the store from its changelog, the position from the group, init. */
    private void takeUp(boolean first) {
        for (int tries = 0; ; tries++) {
            try {
                // As Streams does: no producer is initialised twice.
                producer = kafka.transactionalProducer(transactionalId);
                producer.initTransactions();
                begun = false;
                sent.clear();
                sinceCommit = 0;
                restore();
                position = group.committedWhenStable(calls, life);
                events.seek(EVENTS, position);
                if (first || variation.initAgain()) {
                    processor.init(context());
                    variation.found(processor);
                }
                return;
            } catch (TimeoutException slow) {
                if (tries > 5) {
                    throw slow;
                }
            }
        }
    }

    private void restore() {
        chunks.clear();
        for (byte[][] each : group.changelog(CHANGELOG, calls, life, Call.SEQUENCER_RESTORE)) {
            chunks.put(each[0], each[1]);
        }
    }

    private void take() {
        for (ConsumerRecord<byte[], byte[]> event : events.poll(Duration.ZERO)) {
            current = event.offset();
            variation.before(processor, current);
            processor.process(new Record<>(
                    event.key(),
                    event.value(),
                    variation.received(new AppendTime().extract(object(event), -1), time.wall()),
                    event.headers()));
            requireSent();
            position = current + 1;
            sinceCommit++;
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static ConsumerRecord<Object, Object> object(ConsumerRecord<byte[], byte[]> event) {
        return (ConsumerRecord<Object, Object>) (ConsumerRecord) event;
    }

    /** Streams learns of a send that failed at the next one, at the latest before it commits. */
    private void requireSent() {
        for (Future<?> each : sent) {
            try {
                each.get();
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
        sent.clear();
    }

    @SuppressWarnings("removal") // what Kafka's consumer makes it with is closed to others
    private void commit() {
        begin();
        producer.sendOffsetsToTransaction(
                Map.of(EVENTS, new OffsetAndMetadata(position)),
                new ConsumerGroupMetadata(APPLICATION, group.generation(), "member", Optional.empty()));
        producer.commitTransaction();
        begun = false;
        sinceCommit = 0;
    }

    private void begin() {
        if (!begun) {
            producer.beginTransaction();
            begun = true;
        }
    }

    private void send(
            String topic,
            Integer partition,
            byte[] key,
            byte[] value,
            Iterable<org.apache.kafka.common.header.Header> headers) {
        begin();
        sent.add(producer.send(new ProducerRecord<>(topic, partition, key, value, headers)));
    }

    private static String topic(String sink) {
        return switch (sink) {
            case SequencerTopology.SEQUENCED_SINK -> Topics.SEQUENCED;
            case SequencerTopology.REJECTED_SINK -> Topics.REJECTED;
            case SequencerTopology.OUTCOMES_SINK -> Topics.OUTCOMES;
            default -> throw new IllegalArgumentException("no sink " + sink);
        };
    }

    private void forward(Record<OutputKey, byte[]> record, String sink) {
        String topic = topic(sink);
        int partition = OutputKey.partitioner()
                .partitions(topic, record.key(), record.value(), 1)
                .orElseThrow()
                .iterator()
                .next();
        byte[] key = OutputKey.serializer().serialize(topic, record.key());
        byte[] value = topic.equals(Topics.OUTCOMES) ? variation.outcome(record.value()) : record.value();
        send(topic, partition, key, value, record.headers());
    }

    @SuppressWarnings("unchecked")
    private ProcessorContext<OutputKey, byte[]> context() {
        return (ProcessorContext<OutputKey, byte[]>) Proxy.newProxyInstance(
                ProcessorContext.class.getClassLoader(),
                new Class<?>[] {ProcessorContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "taskId" -> TASK;
                    case "stateDir" -> new File(System.getProperty("java.io.tmpdir"));
                    case "getStateStore" -> store();
                    case "recordMetadata" -> Optional.of(metadata());
                    case "forward" -> {
                        forward((Record<OutputKey, byte[]>) arguments[0], (String) arguments[1]);
                        yield null;
                    }
                    default -> throw new UnsupportedOperationException("no stand-in for " + method);
                });
    }

    private RecordMetadata metadata() {
        long offset = current;
        return new RecordMetadata() {
            @Override
            public String topic() {
                return Topics.EVENTS;
            }

            @Override
            public int partition() {
                return 0;
            }

            @Override
            public long offset() {
                return offset;
            }
        };
    }

    @SuppressWarnings("unchecked")
    private KeyValueStore<byte[], byte[]> store() {
        return (KeyValueStore<byte[], byte[]>) Proxy.newProxyInstance(
                KeyValueStore.class.getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "put" -> {
                        chunks.put((byte[]) arguments[0], (byte[]) arguments[1]);
                        send(CHANGELOG, 0, (byte[]) arguments[0], (byte[]) arguments[1], List.of());
                        yield null;
                    }
                    case "all" -> new All(chunks.entrySet().iterator());
                    default -> throw new UnsupportedOperationException("no stand-in for " + method);
                });
    }

    private record All(Iterator<Map.Entry<byte[], byte[]>> entries) implements KeyValueIterator<byte[], byte[]> {
        @Override
        public boolean hasNext() {
            return entries.hasNext();
        }

        @Override
        public KeyValue<byte[], byte[]> next() {
            Map.Entry<byte[], byte[]> next = entries.next();
            return KeyValue.pair(next.getKey(), next.getValue());
        }

        @Override
        public byte[] peekNextKey() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            // Nothing is held open.
        }
    }
}
