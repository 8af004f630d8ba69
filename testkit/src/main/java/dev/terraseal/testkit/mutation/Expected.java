package dev.terraseal.testkit.mutation;

import java.util.Set;

/**
 * What a verifier has to answer.
 *
 * @param code the exit code: 4, or 0 where something was only left out and nobody asked for it
 * @param layer the layer of the first failure, by its name in {@code --json}; empty with code 0
 * @param findings the names the first failure may have: one, or a few where the place of a random change decides
 * @param notProven with code 0, words that have to stand under "not proven"; else empty
 */
public record Expected(int code, String layer, Set<String> findings, String notProven) {
    public Expected {
        findings = Set.copyOf(findings);
    }

    public static Expected refused(String layer, String... findings) {
        return new Expected(4, layer, Set.of(findings), "");
    }

    /** It holds, and says what it does not show. */
    public static Expected unproven(String notProven) {
        return new Expected(0, "", Set.of(), notProven);
    }
}
