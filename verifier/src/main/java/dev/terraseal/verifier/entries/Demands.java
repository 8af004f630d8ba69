package dev.terraseal.verifier.entries;

import dev.terraseal.core.keys.Algorithm;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a trust file demands of every entry.
 *
 * @param requirements algorithms that have to be there
 * @param broken algorithms whose signatures prove nothing from this leaf index on: nothing trusted shows that they are
 *     older than the break
 * @param issuers who may have verified an identity; empty for anybody
 */
public record Demands(List<Requirement> requirements, Map<Algorithm, Long> broken, List<String> issuers) {
    public static final Demands NONE = new Demands(List.of(), Map.of(), List.of());

    public Demands {
        requirements = List.copyOf(requirements);
        broken = Map.copyOf(broken);
        issuers = List.copyOf(issuers);
    }

    /** Whether signatures under these algorithms alone prove nothing at a leaf index. */
    public boolean isBroken(Set<Algorithm> algorithms, long index) {
        for (Algorithm algorithm : algorithms) {
            Long from = broken.get(algorithm);
            if (from == null || index < from) {
                return false;
            }
        }
        return !algorithms.isEmpty();
    }
}
