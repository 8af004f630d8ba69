package dev.terraseal.sequencer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.Appended;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.Rejection;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.schemas.DecodedEvent;
import dev.terraseal.schemas.OutcomeRecord;
import dev.terraseal.schemas.RecordHeader;
import dev.terraseal.schemas.RejectedRecord;
import dev.terraseal.schemas.SequencedRecord;
import dev.terraseal.sequencer.state.Decision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Writes what became of an event to the topic it belongs on, all in the transaction of its offset. */
final class Outputs {
    private final ProcessorContext<OutputKey, byte[]> context;
    private final SchemaIds schemas;
    private final Optional<Set<Integer>> partition;

    Outputs(ProcessorContext<OutputKey, byte[]> context, SchemaIds schemas) {
        this.context = context;
        this.schemas = schemas;
        this.partition = OutputKey.partition(context.taskId().partition());
    }

    /** @param keyEvent the newest key event below the entry, null if there is none */
    void accepted(Decision.Accept accepted, @Nullable SequenceNumber keyEvent, long source, long time) {
        Appended appended = accepted.appended();
        StreamId stream = accepted.event().stream();
        Headers headers = new RecordHeaders();
        new EntryHeaders(appended.sequence(), source, appended.entryHash()).addTo(headers);
        if (keyEvent != null) {
            EntryHeaders.addKeyEvent(headers, keyEvent);
        }
        byte[] value = new SequencedRecord(appended.sequence(), stream, appended.entryHash(), appended.statement())
                .encode(schemas.sequenced());
        forward(stream, value, time, headers, SequencerTopology.SEQUENCED_SINK);
    }

    void duplicate(Decision.Duplicate duplicate, long source, long time) {
        Event event = duplicate.event();
        SequenceNumber original = new SequenceNumber(duplicate.sequence());
        outcome(
                OutcomeRecord.duplicate(source, event.stream(), event.id(), original, duplicate.contentDigest()),
                source,
                time);
    }

    /** A record that could be read as an event, and is not accepted. */
    void refused(Decision.Refuse refused, Record<byte[], byte[]> original, long source) {
        Event event = refused.event();
        rejected(refused.rejection(), event == null ? null : event.stream(), original, source);
        outcome(
                new OutcomeRecord(
                        source,
                        event == null ? null : event.stream(),
                        event == null ? null : event.id(),
                        OutcomeRecord.Kind.REJECTED,
                        refused.sequence() < 0 ? null : new SequenceNumber(refused.sequence()),
                        refused.rejection().reason().code(),
                        refused.rejection().message(),
                        refused.contentDigest(),
                        null),
                source,
                original.timestamp());
    }

    /** A record that could not be read as an event. */
    void unreadable(DecodedEvent.Refused refused, Record<byte[], byte[]> original, long source) {
        rejected(refused.rejection(), refused.stream(), original, source);
        outcome(
                OutcomeRecord.rejected(source, refused.stream(), refused.id(), refused.rejection()),
                source,
                original.timestamp());
    }

    private void rejected(
            Rejection rejection, @Nullable StreamId stream, Record<byte[], byte[]> original, long source) {
        List<RecordHeader> headers = new ArrayList<>();
        for (Header header : original.headers()) {
            byte[] value = header.value();
            headers.add(new RecordHeader(header.key(), value == null ? null : Bytes.copyOf(value)));
        }
        byte[] value = RejectedRecord.of(rejection, source, original.key(), original.value(), headers)
                .encode(schemas.rejected());
        forward(stream, value, original.timestamp(), source(source), SequencerTopology.REJECTED_SINK);
    }

    private void outcome(OutcomeRecord outcome, long source, long time) {
        byte[] value = outcome.encode(schemas.outcome());
        forward(outcome.stream(), value, time, source(source), SequencerTopology.OUTCOMES_SINK);
    }

    private static Headers source(long source) {
        Headers headers = new RecordHeaders();
        EntryHeaders.addSource(headers, source);
        return headers;
    }

    private void forward(@Nullable StreamId stream, byte[] value, long time, Headers headers, String sink) {
        byte[] key = stream == null ? null : stream.value().getBytes(StandardCharsets.ISO_8859_1);
        context.forward(new Record<>(new OutputKey(partition, key), value, time, headers), sink);
    }
}
