package dev.terraseal.ingest.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.SequenceNumber;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SettledEventsTest {
    private final SettledEvents events = new SettledEvents();

    private static Settled signed(long sequence) {
        return new Settled.Signed(new SequenceNumber(sequence));
    }

    @Test
    void whoWaitsIsToldWhenItsOwnRecordSettles() {
        CompletableFuture<Settled> waiter = events.await(7);
        events.settle(6, signed(0));
        assertThat(waiter).isNotDone();
        events.settle(7, signed(1));
        assertThat(waiter).isCompletedWithValue(signed(1));
        assertThat(events.waiting()).isZero();
    }

    @Test
    void whatSettledBeforeAnyoneAskedIsKnown() {
        events.settle(7, signed(1));
        assertThat(events.await(7)).isCompletedWithValue(signed(1));
        assertThat(events.waiting()).isZero();
    }

    @Test
    void onlyTheNewestOutcomesAreKept() {
        for (long offset = 0; offset <= SettledEvents.RECENT_MAX; offset++) {
            events.settle(offset, signed(offset));
        }
        assertThat(events.await(0)).isNotDone();
        assertThat(events.await(1)).isDone();
    }

    @Test
    void aWaiterThatLeavesGivesItsPlaceBack() {
        for (long offset = 0; offset < SettledEvents.WAITERS_MAX; offset++) {
            assertThat(events.await(offset)).isNotNull();
        }
        assertThat(events.await(SettledEvents.WAITERS_MAX)).isNull();
        events.forget(3);
        assertThat(events.await(SettledEvents.WAITERS_MAX)).isNotNull();
        assertThat(events.waiting()).isEqualTo(SettledEvents.WAITERS_MAX);
    }
}
