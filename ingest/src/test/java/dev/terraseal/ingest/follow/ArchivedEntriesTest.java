package dev.terraseal.ingest.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.index.Answer;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.testkit.log.FixtureEntry;
import dev.terraseal.testkit.log.LogFixture;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What somebody puts into the bucket beside the log's segments. */
@Timeout(30)
class ArchivedEntriesTest {
    private final LogFixture log = ten("test/archived");
    private final VersionedArchive archive = new VersionedArchive();
    private final ArchivedEntries entries = new ArchivedEntries(archive);

    private static LogFixture ten(String origin) {
        LogFixture log = new LogFixture(origin);
        for (int i = 0; i < 10; i++) {
            log.apply("a", i, i + 1);
        }
        return log;
    }

    @BeforeEach
    void theLogHasTwoSegments() {
        archive.segment(0, log.entries().subList(0, 8));
        archive.segment(8, log.entries().subList(8, 10));
    }

    private List<FixtureEntry> others(int from, int to) {
        return ten("test/other").entries().subList(from, to);
    }

    private void isFound(int sequence) throws Exception {
        Bytes statement = log.entries().get(sequence).statement();
        SequenceNumber number = new SequenceNumber(sequence);
        assertThat(entries.at(number)).map(ArchivedEntries.Line::statement).contains(statement);
        assertThat(entries.from(number))
                .first()
                .extracting(ArchivedEntries.Line::statement)
                .isEqualTo(statement);
    }

    @Test
    void namesPutBesideASegmentDoNotHideWhatItHolds() throws Exception {
        archive.put(ArchiveNames.segment(new SequenceNumber(3)), Bytes.utf8("junk\n"));
        archive.put(ArchiveNames.segment(new SequenceNumber(4)), Bytes.EMPTY);
        archive.segment(5, log.entries().subList(2, 8));
        archive.segment(6, log.entries().subList(6, 7));
        for (int sequence = 0; sequence < 10; sequence++) {
            isFound(sequence);
        }
        assertThat(entries.at(new SequenceNumber(10))).isEmpty();
        assertThat(entries.from(new SequenceNumber(10))).isEmpty();
    }

    @Test
    void aSegmentWhoseLinesDoNotFollowOneAnotherIsNone() throws Exception {
        archive.segment(
                5,
                List.of(log.entries().get(5), others(6, 7).get(0), log.entries().get(7)));
        assertThat(entries.from(new SequenceNumber(5)))
                .extracting(ArchivedEntries.Line::statement)
                .containsExactly(
                        log.entries().get(5).statement(),
                        log.entries().get(6).statement(),
                        log.entries().get(7).statement());
    }

    @Test
    void idsComeOnlyFromWhatTheEntryAboveNames() {
        VersionedArchive planted = new VersionedArchive();
        planted.segment(0, others(0, 8));
        planted.segment(0, log.entries().subList(0, 8));
        planted.segment(3, others(3, 6));
        planted.segment(8, others(8, 10));
        planted.segment(8, log.entries().subList(8, 10));
        KnownIds ids = new KnownIds();
        Digest newest = Digest.of(log.entries().get(8).statement());
        ArchivedIds loading = new ArchivedIds(new ArchivedEntries(planted), ids, new CountDownLatch(1));
        assertThat(loading.load(0, 9, newest)).isTrue();
        assertThat(ids.size()).isEqualTo(9);
        for (FixtureEntry entry : log.entries().subList(0, 9)) {
            Statement statement = Statement.parse(entry.statement());
            assertThat(ids.find(statement.stream(), statement.id(), statement.contentDigest()))
                    .isEqualTo(new Answer.Same(statement.sequence().value()));
        }
    }

    @Test
    void idsAreReadDownToTheEntryThatIsAskedForAndNoFurtherSegment() {
        VersionedArchive upper = new VersionedArchive();
        upper.segment(8, log.entries().subList(8, 10));
        KnownIds ids = new KnownIds();
        Digest newest = Digest.of(log.entries().get(9).statement());
        assertThat(new ArchivedIds(new ArchivedEntries(upper), ids, new CountDownLatch(1)).load(8, 10, newest))
                .isTrue();
        assertThat(ids.size()).isEqualTo(2);
    }

    @Test
    void aLoaderThatIsStoppedSaysThatItIsNotDone() {
        Digest newest = Digest.of(log.entries().get(8).statement());
        ArchivedIds stopped = new ArchivedIds(entries, new KnownIds(), new CountDownLatch(0));
        assertThat(stopped.load(0, 9, newest)).isFalse();
    }
}
