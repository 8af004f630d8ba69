package dev.terraseal.verifier.time;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What tokens say of every entry: it existed when the first token over a head with it was made. */
public final class TimeBounds {
    public static final TimeBounds NONE = new TimeBounds(List.of());

    private final List<Stamp> stamps;
    /** The earliest time of the stamps from each one on. */
    private final List<Instant> earliest;

    TimeBounds(List<Stamp> unsorted) {
        List<Stamp> sorted = new ArrayList<>(unsorted);
        sorted.sort(Comparator.comparingLong(Stamp::size).thenComparing(Stamp::time));
        this.stamps = List.copyOf(sorted);
        List<Instant> times = new ArrayList<>();
        Instant least = Instant.MAX;
        for (int i = sorted.size() - 1; i >= 0; i--) {
            least = sorted.get(i).time().isBefore(least) ? sorted.get(i).time() : least;
            times.add(least);
        }
        Collections.reverse(times);
        this.earliest = List.copyOf(times);
    }

    public boolean isEmpty() {
        return stamps.isEmpty();
    }

    public int count() {
        return stamps.size();
    }

    /** By when the entry at a leaf index existed. */
    Optional<Instant> notAfter(long index) {
        int at = firstLarger(index);
        return at == stamps.size() ? Optional.empty() : Optional.of(earliest.get(at));
    }

    /** The tokens over the head whose newest entry is at {@code index}. */
    List<Stamp> over(long index) {
        int from = firstLarger(index);
        int to = firstLarger(index + 1);
        return stamps.subList(from, to);
    }

    private int firstLarger(long index) {
        int low = 0;
        int high = stamps.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (stamps.get(middle).size() > index) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Entries below this index existed before {@code time}. */
    public long coveredBefore(Instant time) {
        long covered = 0;
        for (Stamp stamp : stamps) {
            covered = stamp.time().isBefore(time) ? Math.max(covered, stamp.size()) : covered;
        }
        return covered;
    }

    /** Entries below this index have a token. */
    public long covered() {
        return stamps.isEmpty() ? 0 : stamps.get(stamps.size() - 1).size();
    }

    /** The names of the roots, in order. */
    Set<String> roots() {
        Set<String> roots = new TreeSet<>();
        stamps.forEach(stamp -> roots.add(stamp.root()));
        return roots;
    }
}
