package dev.terraseal.sequencer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer whose records are compressed and laid into batches by a thread of its own, in the order they were sent, while
 * the sender makes the next ones: that is a quarter of the work of a sequencer. Whatever flushes or ends a transaction waits
 * until all that was sent is handed on, so it holds what it held without this class. One sender.
 */
final class WriterThread implements Producer<byte[], byte[]> {
    /** Handing one on by itself takes as long as to compress it. */
    private static final int TOGETHER = 64;

    private static final long BYTES_TOGETHER = 256 << 10;
    private static final int AHEAD = 8;

    /** Streams asks the callback. */
    private static final Future<RecordMetadata> NOT_TOLD = CompletableFuture.failedFuture(
            new UnsupportedOperationException("what became of a record is told to its callback alone"));

    private static final Logger LOG = LoggerFactory.getLogger(WriterThread.class);

    private final Producer<byte[], byte[]> producer;
    private final BlockingQueue<List<Sent>> handedOn = new ArrayBlockingQueue<>(AHEAD);
    private final Thread thread;
    private List<Sent> gathered = new ArrayList<>(TOGETHER);
    private long gatheredBytes;
    private int underway;
    /** Why nothing of this transaction is written any more: the first failure, or that it is given up. */
    private volatile @Nullable Exception lost;

    private volatile boolean closed;

    private record Sent(
            ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {}

    WriterThread(Producer<byte[], byte[]> producer, String name) {
        this.producer = producer;
        this.thread = new Thread(this::write, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        return send(record, null);
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
        gathered.add(new Sent(record, callback));
        gatheredBytes += record.value() == null ? 0 : record.value().length;
        if (gathered.size() == TOGETHER || gatheredBytes >= BYTES_TOGETHER) {
            handOn();
        }
        return NOT_TOLD;
    }

    private void handOn() {
        List<Sent> together = gathered;
        gathered = new ArrayList<>(TOGETHER);
        gatheredBytes = 0;
        synchronized (this) {
            underway++;
        }
        try {
            handedOn.put(together);
        } catch (InterruptedException stopping) {
            // These will not be written, so neither may the transaction be committed.
            lost = stopping;
            written();
            throw new InterruptException(stopping);
        }
    }

    private void write() {
        try {
            while (!closed) {
                handedOn.take().forEach(this::write);
                written();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void written() {
        underway--;
        notifyAll();
    }

    /** A failure is told to the callback, as one that comes from the broker later is: Streams ends the transaction. */
    private void write(Sent sent) {
        if (lost != null) {
            return;
        }
        try {
            Future<RecordMetadata> unused = producer.send(sent.record(), sent.callback());
        } catch (RuntimeException | Error failed) {
            Exception reason = reason(failed);
            lost = reason;
            tell(sent, reason);
        }
    }

    private static void tell(Sent sent, Exception failed) {
        try {
            if (sent.callback() != null) {
                sent.callback().onCompletion(null, failed);
            }
        } catch (RuntimeException deaf) {
            // The transaction is lost, so its commit says it again; this thread has to live for the next one.
            LOG.warn("action=send result=failed reason=\"{}\" callback=\"{}\"", failed.toString(), deaf.toString());
        }
    }

    /** Streams looks at the kind of exception, and a producer in an error state wraps what brought it there. */
    private static Exception reason(Throwable failed) {
        if (failed instanceof KafkaException && failed.getCause() instanceof ApiException inside) {
            return inside;
        }
        return failed instanceof Exception known ? known : new KafkaException("a record could not be sent", failed);
    }

    /** Until everything that was sent is with the producer. */
    private void drain() {
        if (!gathered.isEmpty()) {
            handOn();
        }
        synchronized (this) {
            while (underway > 0 && !closed) {
                try {
                    wait();
                } catch (InterruptedException stopping) {
                    throw new InterruptException(stopping);
                }
            }
        }
    }

    @Override
    public void initTransactions() {
        producer.initTransactions();
    }

    @Override
    public void beginTransaction() {
        drain();
        lost = null;
        producer.beginTransaction();
    }

    @Override
    public void sendOffsetsToTransaction(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        drain();
        producer.sendOffsetsToTransaction(offsets, group);
    }

    @Override
    public void commitTransaction() {
        drain();
        Exception why = lost;
        if (why != null) {
            // With the reason: a Kafka that was late passes, and nobody else says here that it was.
            throw new KafkaException("a record of this transaction was not sent; it cannot be committed", why);
        }
        producer.commitTransaction();
    }

    @Override
    public void abortTransaction() {
        lost = new KafkaException("the transaction was given up");
        drain();
        producer.abortTransaction();
    }

    @Override
    public void flush() {
        drain();
        producer.flush();
    }

    @Override
    public void close() {
        close(Duration.ofMillis(Long.MAX_VALUE));
    }

    @Override
    public void close(Duration timeout) {
        lost = new KafkaException("the transaction was given up");
        producer.close(timeout);
        closed = true;
        thread.interrupt();
        synchronized (this) {
            notifyAll();
        }
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        producer.registerMetricForSubscription(metric);
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        producer.unregisterMetricFromSubscription(metric);
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return producer.partitionsFor(topic);
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return producer.metrics();
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        return producer.clientInstanceId(timeout);
    }
}
