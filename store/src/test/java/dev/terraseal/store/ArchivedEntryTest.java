package dev.terraseal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.KeyId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArchivedEntryTest {
    private final Random random = new Random(20261129);

    private Bytes some(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    /** Against the envelope's own writer. */
    @Test
    void aLineWithSignaturesIsTheEnvelope() {
        for (int i = 0; i < 200; i++) {
            List<DsseSignature> signatures = new ArrayList<>();
            for (int each = 0; each < 1 + i % 3; each++) {
                signatures.add(new DsseSignature(new KeyId(Digest.of(some(8))), some(1 + random.nextInt(100))));
            }
            Bytes statement = some(random.nextInt(4_000));
            assertThat(lines(new ArchivedEntry(statement, signatures, null)))
                    .isEqualTo(new Envelope(Dsse.STATEMENT, statement, signatures)
                                    .bytes()
                                    .utf8() + "\n");
        }
    }

    /** Against the writer of JSON trees. */
    @Test
    void aLineWithAPlaceInABatchIsCanonical() {
        for (int hashes = 0; hashes <= 16; hashes++) {
            List<Digest> path = new ArrayList<>();
            for (int i = 0; i < hashes; i++) {
                path.add(Digest.of(some(8)));
            }
            Bytes statement = some(random.nextInt(4_000));
            SequenceNumber first = new SequenceNumber(random.nextLong(1L << 53));
            String expected = Json.obj()
                    .put("batch", first.value())
                    .put("path", Json.texts(path.stream().map(Digest::base64).toList()))
                    .put("payload", statement.base64())
                    .put("payloadType", Dsse.STATEMENT)
                    .build()
                    .bytes()
                    .utf8();
            assertThat(lines(new ArchivedEntry(statement, List.of(), new ArchivedEntry.InBatch(first, path))))
                    .isEqualTo(expected + "\n");
        }
    }

    private static String lines(ArchivedEntry entry) {
        Segment segment = new Segment(SequenceNumber.ZERO, List.of(entry));
        Bytes bytes = segment.bytes();
        assertThat(Segment.parse(SequenceNumber.ZERO, bytes)).isEqualTo(segment);
        return bytes.utf8();
    }
}
