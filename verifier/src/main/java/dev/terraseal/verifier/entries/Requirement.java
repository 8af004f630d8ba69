package dev.terraseal.verifier.entries;

import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import java.util.Set;

/** From leaf index {@code from} on, signatures of this use must be there under every one of these algorithms. */
public record Requirement(long from, KeyUse use, Set<Algorithm> algorithms) {
    public Requirement {
        algorithms = Set.copyOf(algorithms);
    }
}
