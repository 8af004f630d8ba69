package dev.terraseal.verifier.entries;

import dev.terraseal.core.keys.Algorithm;
import java.util.List;
import java.util.Set;

/**
 * What a trust file demands of every entry.
 *
 * @param requirements algorithms that have to be there
 * @param broken algorithms whose signatures prove nothing here: nothing trusted shows that they are older than the break
 * @param issuers who may have verified an identity; empty for anybody
 */
public record Demands(List<Requirement> requirements, Set<Algorithm> broken, List<String> issuers) {
    public static final Demands NONE = new Demands(List.of(), Set.of(), List.of());

    public Demands {
        requirements = List.copyOf(requirements);
        broken = Set.copyOf(broken);
        issuers = List.copyOf(issuers);
    }
}
