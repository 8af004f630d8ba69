package dev.terraseal.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.sequencer.state.Chunk;
import dev.terraseal.sequencer.state.ChunkCodec;
import dev.terraseal.sequencer.state.Decision;
import dev.terraseal.sequencer.state.Entry;
import dev.terraseal.sequencer.state.LogState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkBacklogTest {
    private static final int ENTRIES = 50_000;
    private static final int STREAMS = 100;

    @TempDir
    Path directory;

    private final LogFixture log = new LogFixture();

    private LogState state() {
        return new LogState(log.declaration, LogFixture.TOPICS, log.checker);
    }

    /** Held as objects, the chunks of some million entries are more than a gigabyte. */
    @Test
    void aRebuildHoldsNoChunkInMemoryAndGivesEveryOne() throws Exception {
        LogState first = state();
        LogState again = state();
        Queue<Chunk> expected = new ArrayDeque<>();
        try (ChunkBacklog backlog = new ChunkBacklog(() -> directory)) {
            for (int i = 0; i < ENTRIES; i++) {
                Decision.Accept accept = (Decision.Accept)
                        first.decide(LogFixture.apply("s" + i % STREAMS, "run-" + i), LogFixture.RECEIVED);
                first.apply(accept, i);
                again.replay(new Entry(
                        i,
                        i,
                        accept.appended().log().newest(),
                        accept.appended().statement()));
                backlog.take(again.unwritten());
                assertThat(again.unwritten()).isEmpty();
                expected.addAll(first.unwritten());
                first.unwritten().clear();
            }
            assertThat(expected).hasSize(ENTRIES / Chunk.ENTRIES);
            assertThat(files()).as("nobody finds a file of it").isZero();
            for (Chunk chunk : expected) {
                ChunkBacklog.Stored next = backlog.poll();
                assertThat(next).isNotNull();
                assertThat(next.first()).isEqualTo(chunk.first());
                assertThat(ChunkCodec.decode(next.bytes().toByteArray())).isEqualTo(chunk);
            }
            assertThat(backlog.poll()).isNull();
            assertThat(backlog.poll()).isNull();
        }
    }

    @Test
    void oneThatIsClosedHoldsNothing() {
        LogState state = state();
        for (int i = 0; i < Chunk.ENTRIES; i++) {
            state.apply((Decision.Accept) state.decide(LogFixture.apply("s", "run-" + i), LogFixture.RECEIVED), i);
        }
        ChunkBacklog backlog = new ChunkBacklog(() -> directory);
        backlog.take(state.unwritten());
        backlog.close();
        assertThat(backlog.poll()).isNull();
    }

    private long files() throws Exception {
        try (Stream<Path> found = Files.list(directory)) {
            return found.count();
        }
    }
}
