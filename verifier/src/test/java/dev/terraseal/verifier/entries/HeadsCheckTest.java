package dev.terraseal.verifier.entries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.chain.Appended;
import dev.terraseal.core.chain.Chain;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is kept from one heads entry to the next never shows in what is derived. */
class HeadsCheckTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261130L);

    private final LogFixture fixture = LogFixture.small();
    private final Map<StreamId, StreamHead> streams = new HashMap<>();

    /** A heads entry over streams as they are now, at the place an entry of the log before it would have. */
    private Entry headsEntry(long sequence) {
        Heads heads = Heads.of(streams);
        LogHead at = new LogHead(
                fixture.log().origin(),
                fixture.log().genesis(),
                sequence,
                fixture.log().genesis());
        Appended appended = new Chain()
                .append(at, null, heads.event(new SequenceNumber(sequence), new Timestamp(7)), new Timestamp(7));
        return Entry.of(new SequenceNumber(sequence), "e", appended.statement(), new EntrySignatures.Missing());
    }

    private static Statement statement(Entry entry) {
        Statement read = entry.reading().statement();
        assertThat(read).as(entry.reading().problem()).isNotNull();
        return read;
    }

    @Test
    void everyHeadsEntryIsDerivedFromWhereTheStreamsAreThen() {
        Random random = new Random(SEED);
        Findings findings = new Findings(true);
        HeadsCheck check = new HeadsCheck(findings);
        for (long turn = 1; turn <= 60; turn++) {
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                StreamId stream = new StreamId("s" + random.nextInt(12));
                StreamHead before = streams.get(stream);
                Digest hash = Digest.of(Bytes.utf8(turn + "/" + i));
                long count = before == null ? 1 : before.count() + 1;
                streams.put(stream, new StreamHead(count, new SequenceNumber(10 * turn + i), hash));
            }
            Entry entry = headsEntry(10 * turn + 9);

            check.check(entry, statement(entry), streams, true);

            assertThat(check.newestLeaves()).isEqualTo(Heads.of(streams).file());
            assertThat(findings.of(Layer.STREAM_HEADS)).as("seed %s", SEED).isEmpty();
        }
        assertThat(check.checked()).isEqualTo(60);
    }

    @Test
    void oneOverOtherStreamsIsNot() {
        streams.put(new StreamId("a"), new StreamHead(1, new SequenceNumber(0), Digest.of(Bytes.utf8("0"))));
        Entry said = headsEntry(9);
        Findings findings = new Findings(true);
        HeadsCheck check = new HeadsCheck(findings);
        check.check(said, statement(said), streams, true);
        assertThat(findings.of(Layer.STREAM_HEADS)).isEmpty();

        streams.put(new StreamId("a"), new StreamHead(2, new SequenceNumber(5), Digest.of(Bytes.utf8("5"))));
        check.check(said, statement(said), streams, true);

        assertThat(findings.of(Layer.STREAM_HEADS)).hasSize(2);
    }
}
