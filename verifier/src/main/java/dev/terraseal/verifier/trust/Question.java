package dev.terraseal.verifier.trust;

import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.verifier.entries.Demands;
import dev.terraseal.verifier.entries.Requirement;
import dev.terraseal.verifier.time.TimeBounds;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything a caller asks of one verification. Absent members were not asked; {@code clock} is for ages alone. */
public record Question(
        @Nullable Trust trust,
        @Nullable VerifierKey logKey,
        @Nullable SignedNote fromCheckpoint,
        @Nullable Long atLeast,
        @Nullable Timestamp coversUntil,
        @Nullable Duration maxHeadAge,
        boolean all,
        boolean integrityOnly,
        InstantSource clock) {
    public static final Question INTEGRITY =
            new Question(null, null, null, null, null, null, false, false, InstantSource.system());

    public static Question under(Trust trust) {
        return new Question(trust, null, null, null, null, null, false, false, InstantSource.system());
    }

    public Question listingAll() {
        return new Question(
                trust, logKey, fromCheckpoint, atLeast, coversUntil, maxHeadAge, true, integrityOnly, clock);
    }

    public List<Requirement> requirements() {
        return trust == null ? List.of() : trust.requirements();
    }

    /** Whose signatures prove nothing from some time on, whatever that time is: who can forge them can forge their times. */
    public Set<Algorithm> brokenAlgorithms() {
        return trust == null ? Set.of() : trust.broken().keySet();
    }

    /**
     * What is demanded of entries. An algorithm is broken unless witnesses whose own signatures still count had seen the
     * head before it was; entries that a token shows to be older count as well.
     */
    public Demands demands(WitnessLayer.@Nullable Seen seen, TimeBounds bounds) {
        if (trust == null) {
            return Demands.NONE;
        }
        Map<Algorithm, Long> broken = new EnumMap<>(Algorithm.class);
        Instant witnessed = seen == null ? null : seen.lasting();
        for (Map.Entry<Algorithm, Timestamp> entry : trust.broken().entrySet()) {
            boolean older = witnessed != null
                    && witnessed.toEpochMilli() < entry.getValue().epochMillis();
            if (!older) {
                broken.put(
                        entry.getKey(),
                        bounds.coveredBefore(
                                Instant.ofEpochMilli(entry.getValue().epochMillis())));
            }
        }
        return new Demands(trust.requirements(), broken, trust.issuers());
    }

    /** The sizes of older heads that the log is asked to continue. */
    public Set<Long> olderSizes() {
        Set<Long> sizes = new HashSet<>();
        if (trust != null && trust.lastSeen() != null) {
            sizes.add(trust.lastSeen().size());
        }
        if (fromCheckpoint != null) {
            try {
                sizes.add(Checkpoint.parse(fromCheckpoint.text()).size());
            } catch (NoteException refusedLater) {
                return sizes;
            }
        }
        return sizes;
    }

    /** The stricter of the option and the trust file. */
    public @Nullable Duration headAgeLimit() {
        Duration required = trust == null ? null : trust.maxHeadAge();
        if (maxHeadAge == null || required == null) {
            return maxHeadAge == null ? required : maxHeadAge;
        }
        return maxHeadAge.compareTo(required) < 0 ? maxHeadAge : required;
    }
}
