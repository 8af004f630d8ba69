package dev.terraseal.signer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.chain.LogHead;
import dev.terraseal.signer.check.Entry;
import dev.terraseal.signer.check.Floor;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FloorMemoryTest {
    @TempDir
    private Path temp;

    private Chained chained;
    private List<Entry> entries;
    private FloorMemory memory;
    private Instant now = Instant.parse("2026-11-29T12:00:00Z");

    @BeforeEach
    void begin() throws Exception {
        chained = Chained.born(temp);
        entries = chained.entries(5);
        memory = new FloorMemory(temp.resolve("floor.json"), chained.log, () -> now);
    }

    private void commit(int size) {
        memory.committed(new LogHead(
                chained.log.origin(),
                chained.log.genesis(),
                size,
                entries.get(size - 1).entryHash()));
    }

    private long kept() throws Exception {
        return memory.read().map(Floor::size).orElse(0L);
    }

    @Test
    void theFileIsAtMostASecondBehind() throws Exception {
        commit(1);
        assertThat(kept()).isEqualTo(1);
        now = now.plusMillis(999);
        commit(2);
        assertThat(kept()).isEqualTo(1);
        now = now.plusMillis(1);
        commit(3);
        assertThat(kept()).isEqualTo(3);
    }

    @Test
    void aClockThatIsSetBackDoesNotHoldTheFileUp() throws Exception {
        commit(1);
        now = now.minusSeconds(3600);
        commit(2);
        assertThat(kept()).isEqualTo(2);
        now = now.plusMillis(10);
        commit(3);
        assertThat(kept()).isEqualTo(2);
    }
}
