package dev.terraseal.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.chain.Chain;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.schemas.sample.SampleEvents;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SampleEventsTest {
    private static final int OWN = 1;

    @Test
    void aSampleBecomesAStatementThatReadsBackAsTheSameEvent() throws Exception {
        SampleEvents samples = new SampleEvents(new Random(1), 256);
        EventDecoder decoder = new EventDecoder(OWN, SchemaSource.none());
        Chain chain = new Chain();
        long bytes = 0;
        for (int i = 0; i < 100; i++) {
            byte[] framed = samples.next().encode(OWN);
            bytes += framed.length;
            Event event = decoded(decoder.decode(framed));
            LogHead empty = new LogHead(new LogOrigin("terraseal.local/test"), Digest.of(), 0, Digest.of());
            Bytes statement = chain.append(empty, null, event, new Timestamp(0)).statement();
            assertThat(Statement.parse(statement).event()).isEqualTo(event);
        }
        assertThat(bytes / 100).as("mean bytes of a sample").isBetween(950L, 1150L);
    }

    @Test
    void oneSeedMakesTheSameEvents() {
        SampleEvents one = new SampleEvents(new Random(7), 16);
        SampleEvents two = new SampleEvents(new Random(7), 16);
        for (int i = 0; i < 20; i++) {
            assertThat(one.next()).isEqualTo(two.next());
        }
    }

    static Event decoded(DecodedEvent result) {
        return result.fold(DecodedEvent.Decoded::event, refused -> {
            throw new AssertionError("refused: " + refused.rejection());
        });
    }
}
