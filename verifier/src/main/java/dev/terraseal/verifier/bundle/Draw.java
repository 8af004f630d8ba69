package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sample of a contiguous population, drawn so that whoever has the seed draws it again (FORMATS section 8): by the
 * smallest SHA-256 of {@code seed/sequence}.
 *
 * @param first the first sequence of the population
 * @param end the one after its last
 * @param count how many entries of ordinary streams were asked for
 */
public record Draw(long first, long end, long count, String seed) {
    /** Drawing again hashes the whole population, so it is bounded. */
    public static final long POPULATION_MAX = 10_000_000;

    private static final Pattern SEED = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final String TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z";
    private static final Pattern TEXT = Pattern.compile("(?:--since " + TIME + " --until " + TIME + " )?"
            + "--from (0|[1-9][0-9]{0,15}) --to ([1-9][0-9]{0,15})"
            + " --sample ([1-9][0-9]{0,6}) --seed (" + SEED.pattern() + ")");

    public Draw {
        requirePossible(count, seed);
        if (first < 0 || end <= first || end - first > POPULATION_MAX) {
            throw new IllegalArgumentException(
                    "a sample is drawn of 1 to 10,000,000 entries, not of those from " + first + " to " + end);
        }
    }

    /** Refuses a number or a seed that no draw has, whatever its population. */
    public static void requirePossible(long count, String seed) {
        if (!SEED.matcher(seed).matches()) {
            throw new IllegalArgumentException("a seed is 1 to 128 of A-Z a-z 0-9 . _ -, not '" + seed + "'");
        }
        if (count < 1 || count > 9_999_999) {
            throw new IllegalArgumentException("a sample has 1 to 9,999,999 entries, not " + count);
        }
    }

    /** The draw that the text of a query names, if it names one of a population that is not too large to draw again. */
    static Optional<Draw> named(String query) {
        Matcher matcher = TEXT.matcher(query);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long first = Long.parseLong(matcher.group(1));
        long end = Long.parseLong(matcher.group(2));
        return end - first > POPULATION_MAX
                ? Optional.empty()
                : Optional.of(new Draw(first, end, Long.parseLong(matcher.group(3)), matcher.group(4)));
    }

    /** Whether the population that the text of a query names, if it names one, has entries, all of them below a size. */
    static boolean isPossible(String query, long size) {
        Matcher matcher = TEXT.matcher(query);
        if (!matcher.matches()) {
            return true;
        }
        long end = Long.parseLong(matcher.group(2));
        return Long.parseLong(matcher.group(1)) < end && end <= size;
    }

    /** What the query of a manifest says about it. */
    public String text() {
        return "--from " + first + " --to " + end + " " + options();
    }

    /** The part of {@link #text} that is not about the population. */
    public String options() {
        return "--sample " + count + " --seed " + seed;
    }

    /** Where a sequence stands in the draw: the smallest is drawn first. */
    public Digest rank(long sequence) {
        return Digest.of(Bytes.utf8(seed + "/" + sequence));
    }
}
