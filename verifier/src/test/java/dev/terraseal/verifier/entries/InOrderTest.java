package dev.terraseal.verifier.entries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.verifier.files.MalformedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InOrderTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261129L);

    @Test
    void itemsComeInTheOrderTheyWereReadHoweverLongEachTakes() throws IOException {
        Random random = new Random(SEED);
        for (int size : List.of(0, 0, 1, 1, 1, 2, 2, 2, 15, 16, 17, 17, 17, 48, 500, 3000)) {
            AtomicLong next = new AtomicLong();
            try (Workers workers = new Workers()) {
                InOrder<Long, Long> items = new InOrder<>(
                        workers,
                        () -> next.get() < size ? next.getAndIncrement() : null,
                        any -> random.nextInt(1 << 21),
                        InOrderTest::slowly);
                if (random.nextBoolean()) {
                    items.begin();
                }
                for (long i = 0; i < size; i++) {
                    assertThat(items.next()).as("item %s of %s", i, size).isEqualTo(i * i);
                }
                assertThat(items.next()).isNull();
                assertThat(items.next()).isNull();
            }
        }
    }

    private static Long slowly(Long item) {
        long spin = item % 7 == 0 ? 200_000 : 0;
        long sum = 0;
        for (long i = 0; i < spin; i++) {
            sum += i ^ item;
        }
        return sum == Long.MIN_VALUE ? -1 : item * item;
    }

    @Test
    void everythingBeforeTheBreakComesFirst() throws IOException {
        for (int size : List.of(0, 15, 16, 40, 333)) {
            AtomicLong next = new AtomicLong();
            List<Long> seen = new ArrayList<>();
            try (Workers workers = new Workers()) {
                InOrder<Long, Long> items = new InOrder<>(
                        workers,
                        () -> {
                            if (next.get() == size) {
                                throw new MalformedException("file", "breaks off");
                            }
                            return next.getAndIncrement();
                        },
                        any -> 1,
                        item -> item);
                assertThatThrownBy(() -> {
                            for (Long item = items.next(); item != null; item = items.next()) {
                                seen.add(item);
                            }
                        })
                        .isInstanceOf(MalformedException.class);
            }
            assertThat(seen).hasSize(size);
        }
    }
}
