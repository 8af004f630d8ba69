package dev.terraseal.verifier.time;

import java.util.List;

/**
 * The times between which entries came into the log.
 *
 * @param kept in ascending order, the first ones
 * @param notKept how many more there are
 */
public record Intervals(List<Interval> kept, long notKept) {
    public static final Intervals NONE = new Intervals(List.of(), 0);

    public Intervals {
        kept = List.copyOf(kept);
    }
}
