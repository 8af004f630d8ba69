package dev.terraseal.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.verifier.bundle.Draw;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SmallestRanksTest {
    private static final int POPULATION = 20_000;
    private static final int EVERY = 200;

    private final List<Digest> ranks = ranks();

    private static List<Digest> ranks() {
        Draw draw = new Draw(0, POPULATION, 1, "seed");
        List<Digest> ranks = new ArrayList<>();
        for (long n = 0; n < POPULATION; n++) {
            ranks.add(draw.rank(n));
        }
        return ranks;
    }

    private static boolean isOwn(long sequence) {
        return sequence % EVERY != EVERY - 1;
    }

    private Digest rank(long sequence) {
        return ranks.get((int) sequence);
    }

    private TreeSet<Long> naive(int count) {
        List<Long> byRank = new ArrayList<>();
        for (long n = 0; n < POPULATION; n++) {
            byRank.add(n);
        }
        byRank.sort(Comparator.comparing(this::rank));
        TreeSet<Long> drawn = new TreeSet<>();
        int ordinary = 0;
        for (long n : byRank) {
            if (ordinary < count) {
                drawn.add(n);
                ordinary += isOwn(n) ? 0 : 1;
            }
        }
        return drawn;
    }

    /** Almost everything is the log's own: what is kept goes with what is drawn. */
    @Test
    void whatCannotBeDrawnAnyMoreIsForgotten() {
        for (int count : new int[] {1, 3}) {
            SmallestRanks smallest = new SmallestRanks(count);
            int most = 0;
            for (long n = 0; n < POPULATION; n++) {
                smallest.see(rank(n), n, isOwn(n));
                most = Math.max(most, smallest.kept());
            }
            TreeSet<Long> drawn = new TreeSet<>(smallest.drawn().boxed().toList());
            assertThat(drawn).isEqualTo(naive(count));
            assertThat(smallest.ordinary()).isEqualTo(count);
            assertThat(most).as("kept, of %d", POPULATION).isLessThan(POPULATION / 10);
        }
    }
}
