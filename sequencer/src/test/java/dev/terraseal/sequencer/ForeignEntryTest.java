package dev.terraseal.sequencer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.schemas.SequencedRecord;
import dev.terraseal.sequencer.state.LogState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** A record of terraseal.sequenced that is none of ours, met while the state is rebuilt. */
class ForeignEntryTest {
    private final LogFixture log = new LogFixture();
    private final LogState state = new LogState(log.declaration, LogFixture.TOPICS, log.checker);

    private static ConsumerRecord<byte[], byte[]> record(byte[] value, Digest hash) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("terraseal.sequenced", 2, 41, null, value);
        new EntryHeaders(SequenceNumber.ZERO, 0, hash).addTo(record.headers());
        return record;
    }

    @Test
    void bytesThatAreNoStatementStopTheSequencerAndSayWhere() {
        Bytes statement = Bytes.utf8("{\"not\":\"a statement\"}");
        Digest hash = Digest.of(statement);
        byte[] value =
                new SequencedRecord(SequenceNumber.ZERO, new StreamId("acme/infra/prod"), hash, statement).encode(1);
        assertThatThrownBy(() -> KafkaLogTopics.give(record(value, hash), state::replay))
                .isInstanceOf(SequencerStoppedException.class)
                .hasMessageContaining("offset 41 of terraseal.sequenced partition 2")
                .hasMessageContaining("holds no statement of this log: not a statement of this log: expected")
                .hasMessageContaining("terraseal verify ARCHIVE");
    }

    @Test
    void bytesThatAreNoRecordOfOursAreNamedTheSameWay() {
        assertThatThrownBy(() ->
                        KafkaLogTopics.give(record(new byte[] {1, 2, 3}, Digest.of(Bytes.EMPTY)), state::replay))
                .isInstanceOf(SequencerStoppedException.class)
                .hasMessageContaining("offset 41 of terraseal.sequenced partition 2 holds no statement");
    }
}
