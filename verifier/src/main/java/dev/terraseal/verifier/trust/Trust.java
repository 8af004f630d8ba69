package dev.terraseal.verifier.trust;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.checkpoint.TlogPolicy;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.verifier.entries.Requirement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By what the caller trusts a log: its genesis, and what else a trust file requires.
 *
 * @param witnesses who has to have cosigned the head, or null for nobody
 * @param wantsTime whether time authorities are named, so that a token by one of them has to be there
 * @param broken from when on an algorithm's signatures prove nothing
 * @param issuers who may have verified an identity; empty for anybody
 */
public record Trust(
        Digest genesis,
        @Nullable LogOrigin origin,
        @Nullable TlogPolicy witnesses,
        List<Requirement> requirements,
        boolean wantsTime,
        @Nullable LastSeen lastSeen,
        @Nullable Duration maxHeadAge,
        Map<Algorithm, Timestamp> broken,
        List<String> issuers) {
    public Trust {
        requirements = List.copyOf(requirements);
        broken = Map.copyOf(broken);
        issuers = List.copyOf(issuers);
    }

    /** A head the caller has seen before: a later one must continue it. */
    public record LastSeen(long size, Digest root) {}

    public static Trust byGenesis(Digest genesis) {
        return new Trust(genesis, null, null, List.of(), false, null, null, Map.of(), List.of());
    }

    public Trust requiring(Requirement... required) {
        return new Trust(
                genesis, origin, witnesses, List.of(required), wantsTime, lastSeen, maxHeadAge, broken, issuers);
    }

    public Trust havingSeen(LastSeen seen) {
        return new Trust(genesis, origin, witnesses, requirements, wantsTime, seen, maxHeadAge, broken, issuers);
    }
}
