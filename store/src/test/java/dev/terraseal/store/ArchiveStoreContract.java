package dev.terraseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every archive store owes its callers, whatever keeps the bytes. */
public abstract class ArchiveStoreContract {
    protected static final Instant UNTIL = Instant.now().plusSeconds(3600);

    /** A store nobody else uses, with nothing in it. */
    protected abstract ArchiveStore store() throws Exception;

    @Test
    void whatWasKeptIsReadBack() throws Exception {
        ArchiveStore store = store();
        Stored kept = store.keep("segments/a", bytes("one"), UNTIL, Validity.any());
        assertThat(kept.content()).isEqualTo(bytes("one"));
        assertThat(store.read("segments/a", Validity.any())).contains(kept);
        assertThat(store.versions("segments/a")).hasSize(1);
    }

    @Test
    void anEmptyObjectAndALargeOneAreKept() throws Exception {
        ArchiveStore store = store();
        Bytes large = Bytes.wrap(new byte[3_000_000]);
        store.keep("attachments/empty", Bytes.EMPTY, UNTIL, Validity.any());
        store.keep("attachments/large", large, UNTIL, Validity.sha256(Digest.of(large)));
        assertThat(store.read("attachments/empty", Validity.any()).orElseThrow().content())
                .isEqualTo(Bytes.EMPTY);
        assertThat(store.read("attachments/large", Validity.any()).orElseThrow().content())
                .isEqualTo(large);
    }

    @Test
    void whatWasKeptIsNeverOverwritten() throws Exception {
        ArchiveStore store = store();
        store.keep("segments/a", bytes("one"), UNTIL, Validity.any());
        Stored second = store.keep("segments/a", bytes("two"), UNTIL, Validity.any());
        assertThat(second.content()).isEqualTo(bytes("one"));
        assertThat(store.read("segments/a", Validity.any()).orElseThrow().content())
                .isEqualTo(bytes("one"));
    }

    @Test
    void keepingTheSameAgainIsHarmless() throws Exception {
        ArchiveStore store = store();
        Stored first = store.keep("checkpoints/7", bytes("note"), UNTIL, Validity.any());
        assertThat(store.keep("checkpoints/7", bytes("note"), UNTIL, Validity.any()))
                .isEqualTo(first);
    }

    @Test
    void oneOfManyWhoKeepAtOnceWinsAndAllLearnWhich() throws Exception {
        ArchiveStore store = store();
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Bytes>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Bytes mine = bytes("writer " + i);
                calls.add(() ->
                        store.keep("segments/race", mine, UNTIL, Validity.any()).content());
            }
            Set<Bytes> answers = ConcurrentHashMap.newKeySet();
            for (Future<Bytes> call : pool.invokeAll(calls)) {
                answers.add(call.get());
            }
            assertThat(answers)
                    .containsExactly(store.read("segments/race", Validity.any())
                            .orElseThrow()
                            .content());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void whatIsNotValidItselfIsNotKept() throws Exception {
        ArchiveStore store = store();
        assertThatThrownBy(() -> store.keep("segments/a", bytes("x"), UNTIL, content -> false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(store.versions("segments/a")).isEmpty();
    }

    @Test
    void whatIsNotThereIsAbsent() throws Exception {
        ArchiveStore store = store();
        assertThat(store.read("segments/none", Validity.any())).isEmpty();
        assertThat(store.readNewest("checkpoint")).isEmpty();
        assertThat(store.versions("segments/none")).isEmpty();
        assertThat(store.names("segments/", "", 10)).isEmpty();
        assertThat(store.newestNumbered("segments/", ".jsonl", new SequenceNumber(9)))
                .isEmpty();
    }

    @Test
    void whatIsNotValidIsNotRead() throws Exception {
        ArchiveStore store = store();
        store.keep("segments/a", bytes("one"), UNTIL, Validity.any());
        assertThat(store.read("segments/a", Validity.equalTo(bytes("two")))).isEmpty();
    }

    @Test
    void mutableObjectsAreReplacedAndDiscarded() throws Exception {
        ArchiveStore store = store();
        store.replace("tile/0/000.p/3", bytes("three"));
        store.replace("tile/0/000.p/3", bytes("four"));
        assertThat(store.readNewest("tile/0/000.p/3")).contains(bytes("four"));
        store.discard("tile/0/000.p/3");
        store.discard("tile/0/000.p/3");
        assertThat(store.readNewest("tile/0/000.p/3")).isEmpty();
        store.replace("tile/0/000.p/3", bytes("five"));
        assertThat(store.readNewest("tile/0/000.p/3")).contains(bytes("five"));
    }

    @Test
    void theNewestCheckpointNeverGoesBack() throws Exception {
        ArchiveStore store = store();
        assertThat(store.advance("checkpoint", bytes("5"), older("5"))).isTrue();
        assertThat(store.advance("checkpoint", bytes("7"), older("7"))).isTrue();
        assertThat(store.advance("checkpoint", bytes("6"), older("6"))).isFalse();
        assertThat(store.readNewest("checkpoint")).contains(bytes("7"));
    }

    private static Validity older(String size) {
        return content -> content.utf8().compareTo(size) < 0;
    }

    @Test
    void namesComeInOrderAndByThePage() throws Exception {
        ArchiveStore store = store();
        for (String name :
                List.of("checkpoints/10", "checkpoints/9", "checkpoints/1", "checkpoint", "checkpoints/100")) {
            store.keep(name, bytes("x"), UNTIL, Validity.any());
        }
        assertThat(store.names("checkpoints/", "", 100))
                .containsExactly("checkpoints/1", "checkpoints/10", "checkpoints/100", "checkpoints/9");
        assertThat(store.names("checkpoints/", "checkpoints/1", 2))
                .containsExactly("checkpoints/10", "checkpoints/100");
        assertThat(store.names("checkpoints/", "checkpoints/11", 2)).containsExactly("checkpoints/9");
        assertThat(store.names("", "", 100)).hasSize(5).startsWith("checkpoint");
        assertThat(store.versions("checkpoints/1")).hasSize(1);
    }

    @Test
    void theNewestNumberNotAboveABoundIsFound() throws Exception {
        ArchiveStore store = store();
        for (long first : new long[] {0, 3, 8, 70, 1_000_000}) {
            store.keep(ArchiveNames.segment(new SequenceNumber(first)), bytes("x"), UNTIL, Validity.any());
        }
        store.keep("segments/zzz", bytes("a stranger"), UNTIL, Validity.any());
        assertThat(newest(store, 0)).isZero();
        assertThat(newest(store, 7)).isEqualTo(3);
        assertThat(newest(store, 8)).isEqualTo(8);
        assertThat(newest(store, 999_999)).isEqualTo(70);
        assertThat(newest(store, (1L << 53) - 1)).isEqualTo(1_000_000);
    }

    private static long newest(ArchiveStore store, long bound) throws StoreException {
        String name = store.newestNumbered(
                        ArchiveNames.SEGMENTS, ArchiveNames.SEGMENT_SUFFIX, new SequenceNumber(bound))
                .orElseThrow();
        return ArchiveNames.segmentFirst(name).orElseThrow().value();
    }

    @Test
    void namesThatCouldLeaveTheArchiveAreRefused() throws Exception {
        ArchiveStore store = store();
        for (String name : List.of("", "/etc/passwd", "a/../b", "..", "a//b", "a/", "a b", "a\nb", ".", "a/.", "ä")) {
            assertThatThrownBy(() -> store.read(name, Validity.any()))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.keep(name, bytes("x"), UNTIL, Validity.any()))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    protected static Bytes bytes(String text) {
        return Bytes.utf8(text);
    }
}
