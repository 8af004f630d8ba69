package dev.terraseal.simulation.kafka;

import dev.terraseal.simulation.Life;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * {@code Producer}, transactional or not. A request that arrives twice is one record where the settings say so. What a send
 * of a transaction could not do, the commit reports, as Kafka's own does; so does it throw where calls come in an order that
 * is none: transactions that were never begun, or are begun twice.
 */
final class SimulatedProducer implements InvocationHandler {
    private final Broker broker;
    private final Calls calls;
    private final StageCalls names;
    private final Life life;
    private final String id;
    private final boolean idempotent;
    private State state = State.UNINITIALISED;
    private int epoch = -1;
    private RuntimeException broken;

    private enum State {
        UNINITIALISED,
        READY,
        /** Until it is known how the transaction ended. */
        IN_TRANSACTION
    }

    SimulatedProducer(Broker broker, Calls calls, StageCalls names, Life life, Map<String, Object> settings) {
        this.broker = broker;
        this.calls = calls;
        this.names = names;
        this.life = life;
        this.id = (String) settings.get("transactional.id");
        this.idempotent = Boolean.TRUE.equals(settings.get("enable.idempotence"));
        if (!"all".equals(settings.get("acks"))) {
            throw new IllegalArgumentException("what this producer calls acknowledged may be on one machine only");
        }
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
        switch (method.getName()) {
            case "close", "flush" -> {
                return null;
            }
            case "initTransactions" -> {
                require(State.UNINITIALISED, "initTransactions");
                epoch = calls.<Integer, KafkaException>make(
                        life, names.init(), () -> broker.init(id), fault -> new TimeoutException("init met " + fault));
                state = State.READY;
                return null;
            }
            case "beginTransaction" -> {
                throwIfBroken();
                require(State.READY, "beginTransaction");
                state = State.IN_TRANSACTION;
                return null;
            }
            case "send" -> {
                ProducerRecord<?, ?> record = (ProducerRecord<?, ?>) arguments[0];
                return send(record);
            }
            case "sendOffsetsToTransaction" -> {
                offsets((Map<?, ?>) arguments[0], (ConsumerGroupMetadata) arguments[1]);
                return null;
            }
            case "commitTransaction" -> {
                throwIfBroken();
                end(true);
                return null;
            }
            case "abortTransaction" -> {
                end(false);
                return null;
            }
            default -> throw new UnsupportedOperationException("no stand-in for Producer." + method.getName());
        }
    }

    private void require(State needed, String method) {
        if (id == null || state != needed) {
            throw new IllegalStateException(
                    method + " of a producer with transactional id " + id + " that is " + state);
        }
    }

    private void throwIfBroken() {
        if (broken != null) {
            throw broken instanceof KafkaException kafka ? kafka : new KafkaException(broken);
        }
    }

    private Future<RecordMetadata> send(ProducerRecord<?, ?> record) {
        if (id != null) {
            require(State.IN_TRANSACTION, "send");
        }
        long[] appended = {-1};
        try {
            long offset = calls.<Long, KafkaException>make(
                    life,
                    names.produce(),
                    () -> {
                        if (appended[0] < 0 || !idempotent) {
                            appended[0] = append(record);
                        }
                        return appended[0];
                    },
                    fault -> new TimeoutException("produce met " + fault));
            return CompletableFuture.completedFuture(new RecordMetadata(
                    new TopicPartition(record.topic(), record.partition()), offset, 0, broker.appendTime(), 0, 0));
        } catch (RuntimeException failed) {
            if (id != null && broken == null) {
                broken = failed;
            }
            return CompletableFuture.failedFuture(failed);
        }
    }

    private long append(ProducerRecord<?, ?> record) {
        byte[] key = (byte[]) record.key();
        byte[] value = (byte[]) record.value();
        return id == null
                ? broker.produce(record.topic(), key, value, record.headers().toArray())
                : broker.produce(
                        id, epoch, record.topic(), key, value, record.headers().toArray());
    }

    private void offsets(Map<?, ?> offsets, ConsumerGroupMetadata group) {
        throwIfBroken();
        require(State.IN_TRANSACTION, "sendOffsetsToTransaction");
        long offset = ((OffsetAndMetadata) offsets.values().iterator().next()).offset();
        calls.<Boolean, KafkaException>make(
                life,
                names.offsets(),
                () -> {
                    broker.offsets(id, epoch, offset, group.generationId());
                    return true;
                },
                fault -> new TimeoutException("offsets met " + fault));
    }

    private void end(boolean commit) {
        require(State.IN_TRANSACTION, commit ? "commitTransaction" : "abortTransaction");
        int before = epoch;
        int[] after = {-1};
        epoch = calls.<Integer, KafkaException>make(
                life,
                names.commit(),
                () -> {
                    if (after[0] < 0) {
                        after[0] = broker.end(id, before, commit);
                    }
                    return after[0];
                },
                fault -> new TimeoutException("end met " + fault));
        state = State.READY;
    }
}
