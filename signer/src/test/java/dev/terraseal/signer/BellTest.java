package dev.terraseal.signer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BellTest {
    private final AtomicInteger woken = new AtomicInteger();
    private final Bell bell = new Bell(woken::incrementAndGet);

    @Test
    void aRingBeforeTheWaitIsNotLost() throws Exception {
        bell.ring();
        long began = System.nanoTime();
        bell.await(TimeUnit.SECONDS.toMillis(100));
        bell.await(TimeUnit.SECONDS.toMillis(100));
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isLessThan(100);
        assertThat(bell.beginReading()).isFalse();
    }

    @Test
    void whatIsLookedAtRingsNoMore() {
        bell.ring();
        bell.hush();
        assertThat(bell.beginReading()).isTrue();
    }

    @Test
    void onlyAReadThatRunsIsWoken() {
        bell.ring();
        assertThat(woken).hasValue(0);
        bell.hush();
        bell.beginReading();
        bell.ring();
        bell.ring();
        assertThat(woken).hasValue(1);
        bell.endReading();
        bell.ring();
        assertThat(woken).hasValue(1);
    }

    @Test
    void aRingFromAnotherThreadEndsTheWait() throws Exception {
        var other = Executors.newSingleThreadExecutor();
        try {
            other.execute(bell::ring);
            bell.await(TimeUnit.SECONDS.toMillis(100));
            assertThat(bell.beginReading()).isFalse();
        } finally {
            other.shutdownNow();
        }
    }
}
