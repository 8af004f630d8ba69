package dev.terraseal.ingest.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.index.Answer;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreSettings;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.LogFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownIdsTest {
    private final LogFixture log = LogFixture.small();

    private Statement entry(int index) {
        return Statement.parse(log.entries().get(index).statement());
    }

    @Test
    void anEntryIsKnownByStreamIdAndContentAndAddedOnlyOnce() {
        KnownIds ids = new KnownIds();
        Statement first = entry(0);
        ids.add(first.bytes());
        ids.add(first.bytes());
        assertThat(ids.size()).isEqualTo(1);
        assertThat(ids.find(first.stream(), first.id(), first.contentDigest())).isInstanceOf(Answer.Same.class);
        assertThat(ids.find(first.stream(), first.id(), Digest.of())).isInstanceOf(Answer.OtherContent.class);
        assertThat(ids.find(new StreamId("other"), first.id(), first.contentDigest()))
                .isInstanceOf(Answer.Absent.class);
        assertThat(ids.sequence(first.stream(), first.id())).contains(first.sequence());
        assertThat(ids.sequence(first.stream(), new EventId("none"))).isEmpty();
    }

    @Test
    void whatWasTrimmedFromTheTopicIsReadFromTheArchiveSegmentBySegment(@TempDir Path directory) throws Exception {
        FixtureArchive.write(log, directory, 2);
        try (ArchiveStore store = StoreSettings.inDirectory(directory).open()) {
            ArchivedEntries archive = new ArchivedEntries(store);
            int next = 0;
            while (next < log.size()) {
                List<ArchivedEntries.Line> lines = archive.from(new SequenceNumber(next));
                assertThat(lines).isNotEmpty();
                for (ArchivedEntries.Line line : lines) {
                    assertThat(line.sequence().value()).isEqualTo(next);
                    assertThat(line.statement())
                            .isEqualTo(log.entries().get(next++).statement());
                }
            }
            assertThat(archive.from(new SequenceNumber(log.size()))).isEmpty();
        }
    }

    @Test
    void oneEntryIsReadWithoutItsNeighbours(@TempDir Path directory) throws Exception {
        FixtureArchive.write(log, directory, 2);
        Path segment = directory.resolve("segments/%020d.jsonl".formatted(0));
        List<String> lines = Files.readAllLines(segment);
        Files.delete(segment);
        Files.writeString(segment, "no JSON\n" + lines.get(1) + "\n");
        try (ArchiveStore store = StoreSettings.inDirectory(directory).open()) {
            ArchivedEntries archive = new ArchivedEntries(store);
            assertThat(archive.at(new SequenceNumber(1)))
                    .map(ArchivedEntries.Line::statement)
                    .contains(log.entries().get(1).statement());
            assertThat(archive.at(new SequenceNumber(0)))
                    .as("its line is broken")
                    .isEmpty();
            assertThat(archive.at(new SequenceNumber(log.size()))).isEmpty();
        }
        Files.writeString(segment, lines.get(1) + "\n" + lines.get(0) + "\n");
        try (ArchiveStore store = StoreSettings.inDirectory(directory).open()) {
            assertThat(new ArchivedEntries(store).at(new SequenceNumber(1)))
                    .as("the line is another entry's")
                    .isEmpty();
        }
    }
}
