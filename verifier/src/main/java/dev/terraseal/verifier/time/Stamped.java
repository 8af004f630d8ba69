package dev.terraseal.verifier.time;

import java.util.Set;

/**
 * What became of the tokens that were there.
 *
 * @param bounds by those that count
 * @param tokens how many hold, whoever made them
 * @param strangers who signed those that hold and that nobody here believes
 * @param broken how many are signed by what the caller calls broken, and nothing shows that they are older
 */
public record Stamped(TimeBounds bounds, int tokens, Set<String> strangers, int broken) {
    public static final Stamped NONE = new Stamped(TimeBounds.NONE, 0, Set.of(), 0);

    public Stamped {
        strangers = Set.copyOf(strangers);
    }
}
