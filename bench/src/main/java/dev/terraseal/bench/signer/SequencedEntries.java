package dev.terraseal.bench.signer;

import dev.terraseal.bench.sequencer.BenchEvents;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.chain.Appended;
import dev.terraseal.core.chain.Chain;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.SequencedRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A chain of statements made once, to be written to one partition of {@code terraseal.sequenced} after the other. */
final class SequencedEntries {
    private static final int SCHEMA = 2;
    private static final int TOGETHER = 500;
    private static final int COMMITS_A_SECOND = 50;
    private static final Timestamp RECEIVED = Timestamp.parse("2026-11-22T01:02:04.000Z");

    private final List<Appended> entries = new ArrayList<>();
    private final List<StreamId> streams = new ArrayList<>();

    SequencedEntries(LogDeclaration log, BenchEvents events, int count) {
        Chain chain = new Chain();
        Map<StreamId, StreamHead> heads = new HashMap<>();
        LogHead head = LogHead.birth(log.origin(), log.genesis());
        for (int i = 0; i < count; i++) {
            var event = events.nextEvent();
            Appended appended = chain.append(head, heads.get(event.stream()), event, RECEIVED);
            head = appended.log();
            heads.put(event.stream(), appended.stream());
            entries.add(appended);
            streams.add(event.stream());
        }
    }

    List<Appended> entries() {
        return entries;
    }

    /** Writes the first {@code count}, in transactions as the sequencer does; {@code perSecond} 0 for as fast as it goes. */
    void write(KafkaConnection kafka, int partition, int count, int perSecond) {
        try (Producer<byte[], byte[]> producer = kafka.transactionalProducer("bench-sequenced-" + partition)) {
            producer.initTransactions();
            long begin = System.nanoTime();
            int each = perSecond > 0 ? Math.max(1, perSecond / COMMITS_A_SECOND) : TOGETHER;
            for (int from = 0; from < count; from += each) {
                if (perSecond > 0) {
                    LockSupport.parkNanos(begin + from * 1_000_000_000L / perSecond - System.nanoTime());
                }
                producer.beginTransaction();
                for (int i = from; i < Math.min(count, from + each); i++) {
                    // What a send could not do, the commit reports.
                    Future<?> unused = producer.send(record(partition, i));
                }
                producer.commitTransaction();
            }
        }
    }

    private ProducerRecord<byte[], byte[]> record(int partition, int i) {
        Appended entry = entries.get(i);
        StreamId stream = streams.get(i);
        SequencedRecord value = new SequencedRecord(entry.sequence(), stream, entry.entryHash(), entry.statement());
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.SEQUENCED, partition, stream.value().getBytes(StandardCharsets.UTF_8), value.encode(SCHEMA));
        new EntryHeaders(entry.sequence(), i, entry.entryHash()).addTo(record.headers());
        return record;
    }
}
