package dev.terraseal.sequencer.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.index.Fingerprint;
import dev.terraseal.sequencer.LogFixture;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChunkCodecTest {
    private static final Chunk CHUNK = new Chunk(
            128,
            300,
            Digest.of(Bytes.utf8("newest")),
            LogFixture.TOPICS,
            List.of(new Fingerprint(1, -2, 3), new Fingerprint(-4, 5, -6)),
            Map.of(new StreamId("acme/prod"), new StreamHead(7, new SequenceNumber(129), Digest.of(Bytes.utf8("s")))),
            List.of(new Chunk.KeyChange(128, Bytes.utf8("{\"authorisation\":{}}"))));

    @Test
    void whatWasWrittenIsRead() {
        assertThat(ChunkCodec.decode(ChunkCodec.encode(CHUNK))).isEqualTo(CHUNK);
    }

    /** Another process that makes the chunk again makes the same bytes. */
    @Test
    void streamsStandInTheOrderTheyChangedIn() {
        Map<StreamId, StreamHead> heads = new LinkedHashMap<>();
        for (int i = 20; i > 0; i--) {
            heads.put(
                    new StreamId("stream-" + i),
                    new StreamHead(i, new SequenceNumber(i), Digest.of(Bytes.utf8("s" + i))));
        }
        Chunk chunk = new Chunk(0, 21, CHUNK.newest(), CHUNK.topics(), CHUNK.fingerprints(), heads, CHUNK.keyChanges());
        assertThat(ChunkCodec.decode(ChunkCodec.encode(chunk)).heads().keySet())
                .containsExactlyElementsOf(heads.keySet());
    }

    @Test
    void keysSortAsSequencesDo() {
        assertThat(Arrays.compareUnsigned(ChunkCodec.key(255), ChunkCodec.key(256)))
                .isNegative();
    }

    @Test
    void everyShorterOrLongerFormIsRefusedWithTheWayOut() {
        byte[] whole = ChunkCodec.encode(CHUNK);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ChunkCodec.decode(cut))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("rebuilt from terraseal.sequenced");
        }
        assertThatThrownBy(() -> ChunkCodec.decode(Arrays.copyOf(whole, whole.length + 1)))
                .hasMessageContaining("1 bytes are left over");
    }

    @Test
    void anotherVersionIsRefused() {
        byte[] other = ChunkCodec.encode(CHUNK);
        other[0] = 2;
        assertThatThrownBy(() -> ChunkCodec.decode(other)).hasMessageContaining("version 2 is not 1");
    }
}
