package dev.terraseal.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryHeadersTest {
    private final ConsumerRecord<byte[], byte[]> record =
            new ConsumerRecord<>("terraseal.sequenced", 1, 77, new byte[0], new byte[0]);

    @Test
    void headersAreEightBytesBigEndianAndTheHash() {
        Digest hash = Digest.of(Bytes.utf8("entry"));
        new EntryHeaders(new SequenceNumber(258), 3, hash).addTo(record.headers());
        assertThat(record.headers().lastHeader("seq").value()).containsExactly(0, 0, 0, 0, 0, 0, 1, 2);
        assertThat(record.headers().lastHeader("src").value()).containsExactly(0, 0, 0, 0, 0, 0, 0, 3);
        assertThat(record.headers().lastHeader("eh").value()).isEqualTo(hash.toByteArray());
        assertThat(EntryHeaders.of(record)).isEqualTo(new EntryHeaders(new SequenceNumber(258), 3, hash));
        assertThat(EntryHeaders.source(record)).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"seq", "src", "eh"})
    void aMissingHeaderNamesTheRecord(String missing) {
        new EntryHeaders(SequenceNumber.ZERO, 0, Digest.of(Bytes.EMPTY)).addTo(record.headers());
        record.headers().remove(missing);
        assertThatThrownBy(() -> EntryHeaders.of(record))
                .isInstanceOf(ForeignRecordException.class)
                .hasMessageContaining("offset 77 of terraseal.sequenced partition 1 has no header " + missing);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 9})
    void aHeaderOfAnotherLengthIsNotOurs(int length) {
        record.headers().add("seq", new byte[length]);
        assertThatThrownBy(() -> EntryHeaders.sequence(record)).isInstanceOf(ForeignRecordException.class);
    }

    @Test
    void aNegativeSequenceIsNotOurs() {
        record.headers().add("seq", new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
        assertThatThrownBy(() -> EntryHeaders.sequence(record)).isInstanceOf(ForeignRecordException.class);
    }

    @Test
    void aRejectionHasASourceAndNoSequence() {
        EntryHeaders.addSource(record.headers(), 9);
        assertThat(EntryHeaders.source(record)).hasValue(9);
    }
}
