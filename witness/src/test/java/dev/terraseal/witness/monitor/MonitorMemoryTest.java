package dev.terraseal.witness.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreSettings;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.LogFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a monitor came, after it was broken off in one way or another. */
class MonitorMemoryTest {
    private static final SignatureChecker CHECKER = new SignatureChecker(Providers.fast());
    private static final int PER_SEGMENT = 3;
    private static final int COMMIT_AFTER = 4;

    @TempDir
    Path directory;

    private final LogFixture log = LogFixture.seeded("terraseal.local/monitored", 5);
    private ArchiveReader archive;

    @BeforeEach
    void begin() throws Exception {
        log.apply("acme/infra/prod", 0, 1).apply("acme/infra/dev", 0, 1).heads();
        log.rotateAttestKey();
        for (int i = 1; i < 10; i++) {
            log.apply("acme/infra/prod", i, i + 1);
        }
        FixtureArchive.write(log, directory.resolve("archive"), PER_SEGMENT);
        archive = StoreSettings.inDirectory(directory.resolve("archive")).openForReading();
    }

    @AfterEach
    void end() {
        archive.close();
    }

    private Monitor monitor() throws IOException {
        return Monitor.open(
                new Monitor.From(log.log(), new ArchivedStatements(archive), CHECKER, COMMIT_AFTER),
                directory.resolve("monitor"));
    }

    @Test
    void aReadingThatIsBrokenOffGoesOnAtTheLastRootThatTheLogSigned() throws Exception {
        Files.delete(directory.resolve("archive/segments/00000000000000000009.jsonl"));
        // Not the log's: passed over for the next.
        Files.copy(directory.resolve("archive/checkpoints/3"), directory.resolve("other"));
        Files.delete(directory.resolve("archive/checkpoints/6"));
        Files.move(directory.resolve("other"), directory.resolve("archive/checkpoints/6"));
        try (Monitor broken = monitor()) {
            assertThat(broken.readTo(8)).isEqualTo(new Monitor.Outcome.Read());
        }
        try (Monitor again = monitor()) {
            assertThat(again.size()).isZero();
            assertThat(again.readTo(log.size())).isEqualTo(new Monitor.Outcome.NotYet(9));
        }
        try (Monitor again = monitor()) {
            assertThat(again.size()).isEqualTo(9);
        }
    }

    @Test
    void keyEventsThatWereWrittenAheadOfTheirSizeAreReadAgain() throws Exception {
        Path committed = directory.resolve("monitor/committed");
        try (Monitor monitor = monitor()) {
            monitor.readTo(2);
            monitor.commit();
            byte[] before = Files.readAllBytes(committed);
            monitor.readTo(6);
            monitor.commit();
            Files.write(committed, before);
        }
        try (Monitor again = monitor()) {
            assertThat(again.size()).isEqualTo(2);
            assertThat(again.readTo(log.size())).isEqualTo(new Monitor.Outcome.Read());
        }
    }

    @Test
    void aMemoryThatIsNoneIsSaidToBeOneAndWhatToDo() throws Exception {
        try (Monitor monitor = monitor()) {
            monitor.readTo(6);
            monitor.commit();
        }
        Path journal = directory.resolve("monitor/journal");
        byte[] right = Files.readAllBytes(journal);
        byte[] noStream = right.clone();
        noStream[32 + 24 + 2] = ' ';
        for (byte[] wrong : new byte[][] {noStream, new byte[right.length], {}}) {
            Files.write(journal, wrong);
            assertThatThrownBy(this::monitor)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is not what it wrote")
                    .hasMessageContaining("remove that directory");
        }
        Files.write(journal, right);
        monitor().close();
        Files.writeString(directory.resolve("monitor/committed"), "many\n");
        assertThatThrownBy(this::monitor).isInstanceOf(IOException.class).hasMessageContaining("remove that directory");
    }
}
