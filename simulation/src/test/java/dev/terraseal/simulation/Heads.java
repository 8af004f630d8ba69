package dev.terraseal.simulation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.SequencedRecord;
import dev.terraseal.simulation.kafka.Broker;
import dev.terraseal.simulation.kafka.Committed;
import dev.terraseal.simulation.kafka.Rec;
import dev.terraseal.simulation.kafka.Wire;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Where a log stands, for who damages it. */
final class Heads {
    private Heads() {}

    /** The head after an attestation. */
    static LogHead after(Rec attestation) {
        Bytes statement = Wire.attested(attestation);
        return new LogHead(
                EventPool.LOG.origin(),
                EventPool.LOG.genesis(),
                NaiveStatement.read(statement).sequence() + 1,
                Digest.of(statement));
    }

    private static Bytes forged(Broker broker) {
        List<Rec> entries = new Committed(Topics.SEQUENCED).read(broker);
        if (entries.isEmpty()) {
            return Bytes.utf8("{}");
        }
        // The newest entry with the next number: well formed, and follows nothing.
        String text = Wire.sequenced(entries.get(entries.size() - 1)).utf8();
        long newest = entries.size() - 1;
        return Bytes.utf8(
                text.replace("\"sequence\":" + newest + ",\"stream\"", "\"sequence\":" + (newest + 1) + ",\"stream\""));
    }

    static byte[] foreign(Broker broker) {
        Bytes statement = forged(broker);
        return new SequencedRecord(next(broker), new StreamId("acme/prod"), Digest.of(statement), statement).encode(2);
    }

    static Header[] foreignHeaders(Broker broker) {
        RecordHeaders headers = new RecordHeaders();
        new EntryHeaders(next(broker), broker.partition(Topics.EVENTS).end(), Digest.of(forged(broker))).addTo(headers);
        return headers.toArray();
    }

    private static SequenceNumber next(Broker broker) {
        return new SequenceNumber(new Committed(Topics.SEQUENCED).read(broker).size());
    }
}
