package dev.terraseal.verifier.trust;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.checkpoint.TlogPolicy;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.timestamp.TimeAuthority;
import dev.terraseal.verifier.entries.Requirement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By what the caller trusts a log: its genesis, and what else a trust file requires.
 *
 * @param witnesses who has to have cosigned the head, or null for nobody
 * @param timeAuthorities whose tokens count; if any is named, one of theirs has to be there
 * @param broken from when on an algorithm's signatures prove nothing
 * @param issuers who may have verified an identity; empty for anybody
 */
public record Trust(
        Digest genesis,
        @Nullable LogOrigin origin,
        @Nullable WitnessDemand witnesses,
        List<Requirement> requirements,
        List<TimeAuthority> timeAuthorities,
        @Nullable LastSeen lastSeen,
        @Nullable Duration maxHeadAge,
        Map<Algorithm, Timestamp> broken,
        List<String> issuers) {
    public Trust {
        requirements = List.copyOf(requirements);
        timeAuthorities = List.copyOf(timeAuthorities);
        broken = Map.copyOf(broken);
        issuers = List.copyOf(issuers);
    }

    /** A head the caller has seen before: a later one must continue it. */
    public record LastSeen(long size, Digest root) {}

    /** The witnesses it knows, from whatever index on it requires them. */
    public @Nullable TlogPolicy witnessPolicy() {
        return witnesses == null ? null : witnesses.policy();
    }

    public static Trust byGenesis(Digest genesis) {
        return new Trust(genesis, null, null, List.of(), List.of(), null, null, Map.of(), List.of());
    }

    public Trust requiring(Requirement... required) {
        return new Trust(
                genesis, origin, witnesses, List.of(required), timeAuthorities, lastSeen, maxHeadAge, broken, issuers);
    }

    public Trust havingSeen(LastSeen seen) {
        return new Trust(genesis, origin, witnesses, requirements, timeAuthorities, seen, maxHeadAge, broken, issuers);
    }

    public Trust believing(List<TimeAuthority> authorities) {
        return new Trust(genesis, origin, witnesses, requirements, authorities, lastSeen, maxHeadAge, broken, issuers);
    }
}
