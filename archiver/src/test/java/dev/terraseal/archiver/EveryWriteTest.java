package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.archiver.FaultyStore.Crash;
import dev.terraseal.archiver.FaultyStore.Mode;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.testkit.log.LogFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every write of a run goes wrong once in every way; after that and a restart all invariants hold and nothing is missing. */
class EveryWriteTest {
    private static final int BEFORE_A_FULL_TILE = 253;

    @TempDir
    private Path directory;

    /** Streams, heads entries, a batch and key changes. */
    private static LogFixture varied() {
        LogFixture log = new LogFixture("terraseal.local/everywrite");
        log.apply("acme/infra/prod", 1, 2).apply("acme/infra/test", 1, 2).heads();
        log.rotateAttestKey()
                .apply("acme/infra/prod", 2, 3)
                .batch("acme/batch", 5)
                .heads();
        return log.revokeFirstAttestKey(0).rotateLogKey().apply("acme/infra/prod", 3, 4);
    }

    @Test
    void anUndisturbedRunWritesInOrder() throws Exception {
        ArchiveStore store = DirectoryStore.open(directory);
        ArchiverFixture fixture = new ArchiverFixture(varied()).born(store).batchesKept(store);
        FaultyStore observed = new FaultyStore(store, Mode.FAIL, -1);
        fixture.archive(observed, ArchiverFixture.limits(5));
        fixture.checkComplete(store, "undisturbed");
        assertThat(observed.writes())
                .containsSubsequence(
                        "segments/00000000000000000000.jsonl",
                        "heads/00000000000000000002.json",
                        "tile/entries/000.p/3",
                        "tile/0/000.p/3",
                        "checkpoints/3",
                        "checkpoint",
                        "segments/00000000000000000003.jsonl",
                        "tile/entries/000.p/8",
                        "tile/0/000.p/8",
                        "checkpoints/8",
                        "checkpoint");
    }

    @ParameterizedTest
    @EnumSource
    void aWriteThatGoesWrongLosesNothing(Mode mode) throws Exception {
        LogFixture log = varied();
        int writes = Integer.MAX_VALUE;
        for (int failing = 0; failing < writes; failing++) {
            ArchiveStore store = DirectoryStore.open(directory.resolve(mode + "-" + failing));
            ArchiverFixture fixture = new ArchiverFixture(log).born(store).batchesKept(store);
            writes = disturb(fixture, store, mode, failing);
        }
        assertThat(writes).isGreaterThan(15);
    }

    @ParameterizedTest
    @EnumSource
    void norDoesOneWhereATileBecomesFull(Mode mode) throws Exception {
        LogFixture log = new LogFixture("terraseal.local/fulltile");
        for (int i = 0; i < BEFORE_A_FULL_TILE; i++) {
            log.apply("acme/many", i, i + 1);
        }
        Path base = directory.resolve("base");
        ArchiveStore before = DirectoryStore.open(base);
        ArchiverFixture first = new ArchiverFixture(log).born(before);
        first.archive(before, ArchiverFixture.limits(250));
        assertThat(base.resolve("tile/0/000.p/253")).exists();
        log.heads();
        for (int i = 0; i < 6; i++) {
            log.apply("acme/few", i, i + 1);
        }
        int writes = Integer.MAX_VALUE;
        for (int failing = 0; failing < writes; failing++) {
            Path copy = directory.resolve(mode + "-" + failing);
            copy(base, copy);
            writes = disturb(new ArchiverFixture(log), DirectoryStore.open(copy), mode, failing);
        }
        assertThat(writes).isGreaterThan(15);
        Path last = directory.resolve(mode + "-" + (writes - 1));
        assertThat(last.resolve("tile/0/000")).exists();
    }

    /** Runs with one fault, then without, and checks everything; answers how many writes the disturbed run came to. */
    private static int disturb(ArchiverFixture fixture, ArchiveStore store, Mode mode, int failing) throws Exception {
        FaultyStore faulty = new FaultyStore(store, mode, failing);
        String when = mode + " at write " + failing;
        int writes = Integer.MAX_VALUE;
        try {
            fixture.archive(faulty, ArchiverFixture.limits(5));
            writes = faulty.writes().size();
        } catch (Crash gone) {
            when += " (" + gone.getMessage() + ")";
            ArchiverFixture.checkAll(store, when + ", before the restart");
        }
        // Cut elsewhere than before, as a restart does.
        fixture.perPoll = 4;
        fixture.archive(store, ArchiverFixture.limits(3));
        fixture.checkComplete(store, when + ", after the restart");
        return writes;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }
}
