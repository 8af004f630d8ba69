package dev.terraseal.export;

import dev.terraseal.core.bytes.Digest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Of entries that pass by, those a draw takes: the {@code count} of smallest rank that are not the log's own, and the
 * log's own that rank before the last of them. Memory goes with what can still be drawn, and not with what passed.
 */
final class SmallestRanks {
    private static final int FEW = 1024;

    private final long count;
    private final PriorityQueue<Ranked> ordinary =
            new PriorityQueue<>(Comparator.comparing(Ranked::rank).reversed());
    private final List<Ranked> own = new ArrayList<>();
    private int pruneAt = FEW;

    private record Ranked(Digest rank, long sequence) {}

    SmallestRanks(long count) {
        this.count = count;
    }

    void see(Digest rank, long sequence, boolean ownOfLog) {
        Ranked ranked = new Ranked(rank, sequence);
        if (!ownOfLog) {
            ordinary.add(ranked);
            if (ordinary.size() > count) {
                ordinary.remove();
            }
        } else if (isBefore(rank, last())) {
            own.add(ranked);
            prune();
        }
    }

    private void prune() {
        Ranked last = last();
        if (own.size() >= pruneAt && last != null) {
            own.removeIf(each -> !isBefore(each.rank(), last));
            pruneAt = Math.max(FEW, 2 * own.size());
        }
    }

    /** The last that is drawn so far; it only moves forwards. Null while everything is. */
    private @Nullable Ranked last() {
        return ordinary.size() < count ? null : ordinary.peek();
    }

    private static boolean isBefore(Digest rank, @Nullable Ranked last) {
        return last == null || rank.compareTo(last.rank()) < 0;
    }

    /** How many that are not the log's own would be drawn. */
    int ordinary() {
        return ordinary.size();
    }

    /** How many are kept in memory. */
    int kept() {
        return ordinary.size() + own.size();
    }

    /** The sequences that are drawn, in no order. */
    LongStream drawn() {
        Ranked last = last();
        return LongStream.concat(
                ordinary.stream().mapToLong(Ranked::sequence),
                own.stream().filter(each -> isBefore(each.rank(), last)).mapToLong(Ranked::sequence));
    }
}
