package dev.terraseal.verifier.verdict;

import dev.terraseal.verifier.time.Interval;
import dev.terraseal.verifier.time.Intervals;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was verified and how it ended. {@code facts} are the values programs ask for; {@code advice} is shown under the
 * outcome; {@code intervals} are empty where nobody but the log says when, and {@code intervalsNotKept} is how many more
 * there are; {@code found} counts what was found under each name, for {@code findings} are the first of each layer only.
 */
public record Verdict(
        Outcome outcome,
        String kind,
        Facts facts,
        List<LayerResult> layers,
        List<Finding> findings,
        List<String> proven,
        List<String> notProven,
        List<String> advice,
        List<Interval> intervals,
        long intervalsNotKept,
        Map<FindingName, Integer> found) {
    public Verdict {
        layers = List.copyOf(layers);
        findings = List.copyOf(findings);
        proven = List.copyOf(proven);
        notProven = List.copyOf(notProven);
        advice = List.copyOf(advice);
        intervals = List.copyOf(intervals);
        found = Map.copyOf(found);
    }

    public Verdict(
            Outcome outcome,
            String kind,
            Facts facts,
            List<LayerResult> layers,
            List<Finding> findings,
            List<String> proven,
            List<String> notProven,
            List<String> advice) {
        this(outcome, kind, facts, layers, findings, proven, notProven, advice, List.of(), 0, counted(findings));
    }

    private static Map<FindingName, Integer> counted(List<Finding> findings) {
        Map<FindingName, Integer> counts = new EnumMap<>(FindingName.class);
        findings.forEach(finding -> counts.merge(finding.name(), 1, Integer::sum));
        return counts;
    }

    /** With the times between which entries came into the log. */
    public Verdict within(Intervals times) {
        return new Verdict(
                outcome,
                kind,
                facts,
                layers,
                findings,
                proven,
                notProven,
                advice,
                times.kept(),
                times.notKept(),
                found);
    }

    public int code() {
        return outcome.code();
    }

    /** The log and the part of it that was read; what is unknown because reading stopped before it is null. */
    public record Facts(
            @Nullable String origin,
            @Nullable String genesis,
            @Nullable Long size,
            @Nullable String root,
            @Nullable Long first,
            @Nullable Long count,
            @Nullable String seenAt) {
        public static final Facts NONE = new Facts(null, null, null, null, null, null, null);

        /** With the time, in ISO 8601, at which witnesses whom the caller named saw the head last. */
        public Facts seenAt(String time) {
            return new Facts(origin, genesis, size, root, first, count, time);
        }
    }
}
