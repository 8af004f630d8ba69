package dev.terraseal.signer;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.ForeignRecordException;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import dev.terraseal.kafka.Unread;
import dev.terraseal.schemas.SequencedRecord;
import dev.terraseal.signer.check.Entry;
import dev.terraseal.signer.check.RefusedEntryException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** {@code terraseal.sequenced}, one partition, committed records only, in no consumer group. */
final class KafkaEntryInput implements EntryInput {
    private final KafkaConnection connection;
    private final String clientId;
    private final InstantSource clock;
    private final TopicPartition partition;
    private final Consumer<byte[], byte[]> consumer;
    private @Nullable RefusedEntryException refusal;
    private final Unread unread;
    private volatile Read read = new Read(0, 0);

    /** How far was read, in offsets and in sequences; together, or an entry on its way would count in neither. */
    private record Read(long offset, long sequence) {}

    KafkaEntryInput(KafkaConnection connection, String clientId, int partition, InstantSource clock) {
        this.connection = connection;
        this.clientId = clientId;
        this.clock = clock;
        this.partition = new TopicPartition(Topics.SEQUENCED, partition);
        this.consumer = connection.consumer(clientId, this.partition);
        this.unread = new Unread(connection, clientId + "-behind", this.partition);
    }

    @Override
    public void seek(SequenceNumber sequence) {
        refusal = null;
        try (TopicEnd end = TopicEnd.open(connection, clientId + "-seek", partition, clock)) {
            // The first entry is looked for by reading: what lies before it is no entry, and must be met.
            long offset = sequence.value() == 0
                    ? end.begin()
                    : end.offsetOf(sequence).orElseGet(() -> offsetWithout(end, sequence));
            consumer.seek(partition, offset);
            read = new Read(offset, 0);
        }
    }

    /** Back from the newest entry: each names the newest key event below it. */
    @Override
    public List<Entry> keyEvents(SequenceNumber from) throws RefusedEntryException {
        ArrayDeque<Entry> events = new ArrayDeque<>();
        try (TopicEnd end = TopicEnd.open(connection, clientId + "-keys", partition, clock)) {
            Optional<ConsumerRecord<byte[], byte[]>> at = end.newestEntry();
            if (at.isPresent() && read(at.get()).stream().equals(StreamId.KEYS)) {
                events.addFirst(read(at.get()));
            }
            Optional<SequenceNumber> before = at.flatMap(EntryHeaders::keyEvent);
            while (before.isPresent() && before.get().compareTo(from) >= 0) {
                SequenceNumber sequence = before.get();
                ConsumerRecord<byte[], byte[]> record = end.find(sequence)
                        .orElseThrow(() -> new RefusedEntryException("key event " + sequence
                                + " is not on terraseal.sequenced any more, so it is not known which key signs now."
                                + " Write the log's key events to a file (terraseal key list --events) and name it in"
                                + " log.key-events"));
                events.addFirst(read(record));
                Optional<SequenceNumber> earlier = EntryHeaders.keyEvent(record);
                if (earlier.isPresent() && earlier.get().compareTo(sequence) >= 0) {
                    throw new RefusedEntryException(
                            record.offset(),
                            "entry " + sequence + " says that key event " + earlier.get() + " is below it");
                }
                before = earlier;
            }
        }
        events.removeIf(event -> event.sequence().compareTo(from) < 0);
        return List.copyOf(events);
    }

    /** Right behind the last entry and not at the end: what lies between them is no entry, and must be met. */
    private static long offsetWithout(TopicEnd end, SequenceNumber sequence) {
        return end.newestEntry()
                .filter(newest -> EntryHeaders.sequence(newest).compareTo(sequence) < 0)
                .map(newest -> newest.offset() + 1)
                .orElse(end.begin());
    }

    /** Entries before a malformed record are handed out first: they are good, and can still be signed. */
    @Override
    public List<Entry> poll(Duration atMost) throws RefusedEntryException {
        if (refusal != null) {
            throw refusal;
        }
        List<Entry> entries = new ArrayList<>();
        ConsumerRecords<byte[], byte[]> polled = records(atMost);
        for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
            try {
                entries.add(read(record));
            } catch (RefusedEntryException malformed) {
                if (entries.isEmpty()) {
                    throw malformed;
                }
                refusal = malformed;
                break;
            }
        }
        Read before = read;
        read = new Read(
                unread.polled(polled, consumer.currentLag(partition), before.offset()),
                entries.isEmpty()
                        ? before.sequence()
                        : entries.get(entries.size() - 1).sequence().value() + 1);
        return entries;
    }

    private ConsumerRecords<byte[], byte[]> records(Duration atMost) {
        try {
            return consumer.poll(atMost);
        } catch (WakeupException woken) {
            return ConsumerRecords.empty();
        }
    }

    private static Entry read(ConsumerRecord<byte[], byte[]> record) throws RefusedEntryException {
        try {
            EntryHeaders headers = EntryHeaders.of(record);
            byte[] value = record.value();
            if (value == null) {
                throw new RefusedEntryException(record.offset(), "a record without a value");
            }
            SequencedRecord entry = SequencedRecord.decode(value);
            return new Entry(
                    record.offset(),
                    headers.source(),
                    headers.sequence(),
                    headers.entryHash(),
                    entry.sequence(),
                    entry.stream(),
                    entry.entryHash(),
                    entry.statement());
        } catch (IllegalArgumentException | ForeignRecordException malformed) {
            throw new RefusedEntryException(record.offset(), "no record of a sequencer: " + malformed.getMessage());
        }
    }

    @Override
    public void wake() {
        consumer.wakeup();
    }

    @Override
    public long behind(long next) {
        Read now = read;
        return unread.from(now.offset()) + Math.max(0, now.sequence() - next);
    }

    @Override
    public void close() {
        unread.close();
        consumer.close();
    }
}
