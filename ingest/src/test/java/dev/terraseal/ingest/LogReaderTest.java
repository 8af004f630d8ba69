package dev.terraseal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.ingest.follow.Attested;
import dev.terraseal.ingest.follow.LogTail;
import dev.terraseal.ingest.follow.VersionedArchive;
import dev.terraseal.testkit.log.LogFixture;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogReaderTest {
    @Test
    void aCheckpointThatComesWhileAReceiptIsMadeDoesNotSpoilIt() throws Exception {
        LogFixture log = LogFixture.small();
        LogTail tail = new LogTail(0, false);
        for (int i = 0; i < log.size(); i++) {
            tail.entry(Attested.entry(log, i));
        }
        // What a reader sees who took the note of size 2 just before the next one came.
        tail.checkpoint(log.checkpoint(2), log.size());
        LogReader reader = new LogReader(log.log(), new VersionedArchive(), tail, List.of());
        SequenceNumber above = new SequenceNumber(log.size() - 1);
        assertThat(reader.receipt(above))
                .hasValueSatisfying(
                        receipt -> assertThat(receipt.proof()).as("its proof").isNull());
    }
}
