package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.store.StoreException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AtOnceTest {
    private final ExecutorService pool = Executors.newFixedThreadPool(3);
    private final Set<Integer> taken = new ConcurrentSkipListSet<>();

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    @Test
    void itemsAreTakenAtTheSameTime() throws Exception {
        CyclicBarrier all = new CyclicBarrier(3);
        AtOnce.each(pool, List.of(1, 2, 3), item -> {
            try {
                // Passes only while all three wait here.
                all.await(1, TimeUnit.MINUTES);
            } catch (Exception alone) {
                throw new IllegalStateException("item " + item + " waited for the others in vain", alone);
            }
            taken.add(item);
        });
        assertThat(taken).containsExactly(1, 2, 3);
    }

    @Test
    void theFirstFailureIsThrownWhenNoneIsUnderWayAnyMore() {
        assertThatThrownBy(() -> AtOnce.each(pool, List.of(1, 2, 3, 4), item -> {
                    taken.add(item);
                    if (item % 2 == 0) {
                        throw StoreException.lasting("the store refuses " + item);
                    }
                }))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store refuses 2");
        assertThat(taken).containsExactly(1, 2, 3, 4);
    }

    @Test
    void whatNobodyForesawIsThrownAsItIs() {
        ArchiverStoppedException stop = new ArchiverStoppedException("two histories");
        assertThatThrownBy(() -> AtOnce.each(pool, List.of(1, 2), item -> {
                    throw stop;
                }))
                .isSameAs(stop);
    }

    @Test
    void anErrorIsThrownAsItIsToo() {
        NoClassDefFoundError lost = new NoClassDefFoundError("a jar that was replaced under the process");
        assertThatThrownBy(() -> AtOnce.each(pool, List.of(1, 2, 3), item -> {
                    if (item == 2) {
                        throw lost;
                    }
                    taken.add(item);
                }))
                .isSameAs(lost);
        assertThat(taken).containsExactly(1, 3);
    }
}
