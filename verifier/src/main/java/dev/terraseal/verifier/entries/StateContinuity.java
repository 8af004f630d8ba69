package dev.terraseal.verifier.entries;

import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether the attested states join: in one stream, serial and hash before an apply are those after the apply before it.
 * What does not join is a finding about the world and no failure, for what was recorded still is what was recorded.
 */
public final class StateContinuity {
    private final Findings findings;
    private final Map<StreamId, State> after = new HashMap<>();
    private final Map<StreamId, Long> newest = new HashMap<>();
    private final Map<String, StreamId> streamOf = new HashMap<>();
    private long joins;
    private long breaks;

    private record State(
            String lineage, @Nullable Long serial, @Nullable String sha256, long entry) {}

    public StateContinuity(Findings findings) {
        this.findings = findings;
    }

    /** Every entry in ascending order, whatever its type: only those with no unseen one of their stream between are joined. */
    public void add(Entry entry, Statement statement) {
        add(entry.file(), statement, entry.reading().state());
    }

    /** @param file where the entry lies, for messages */
    public void add(String file, Statement statement) {
        add(file, statement, StateClaim.of(statement));
    }

    private void add(String file, Statement statement, @Nullable StateClaim claim) {
        long place = statement.link().streamSequence().value();
        Long last = newest.put(statement.stream(), place);
        if (last != null && place != last + 1) {
            after.remove(statement.stream());
        }
        if (claim != null && claim.isUnreadable()) {
            findings.add(Layer.CONTINUITY, FindingName.STATE_GAP, file, "its state cannot be read: " + claim.problem());
        } else if (claim != null) {
            compare(new Place(file, statement), claim);
        }
    }

    private record Place(String file, Statement statement) {
        StreamId stream() {
            return statement.stream();
        }
    }

    private void compare(Place entry, StateClaim claim) {
        StreamId stream = entry.stream();
        String lineage = claim.lineage();
        Long serialBefore = claim.serialBefore();
        Long serialAfter = claim.serialAfter();
        String shaBefore = claim.sha256Before();
        String shaAfter = claim.sha256After();
        StreamId owner = streamOf.putIfAbsent(lineage, stream);
        if (owner != null && !owner.equals(stream)) {
            found(
                    FindingName.LINEAGE_IN_TWO_STREAMS,
                    entry,
                    "lineage " + lineage + " belongs to stream " + owner + " and appears in " + stream);
        }
        State before = after.get(stream);
        if (before != null && !before.lineage().equals(lineage)) {
            found(
                    FindingName.LINEAGE_CHANGED,
                    entry,
                    "stream " + stream + " goes on with lineage " + lineage + "; entry " + before.entry() + " had "
                            + before.lineage());
        } else if (before != null && before.serial() != null && serialBefore != null) {
            join(entry, before, serialBefore, shaBefore);
        }
        if (serialBefore != null && serialBefore.equals(serialAfter) && differ(shaBefore, shaAfter)) {
            found(
                    FindingName.EQUAL_SERIAL_OTHER_STATE,
                    entry,
                    "stream " + stream + " has serial " + serialAfter + " before and after, with two different states");
        }
        after.put(
                stream,
                new State(
                        lineage,
                        serialAfter,
                        shaAfter,
                        entry.statement().sequence().value()));
    }

    private void join(Place entry, State before, Long serial, @Nullable String sha256) {
        StreamId stream = entry.stream();
        joins++;
        if (!serial.equals(before.serial())) {
            found(
                    FindingName.STATE_GAP,
                    entry,
                    "stream " + stream + " begins at serial " + serial + "; entry " + before.entry() + " ended at "
                            + before.serial() + ": the state was changed in between by something not in this log");
        } else if (differ(before.sha256(), sha256)) {
            found(
                    FindingName.EQUAL_SERIAL_OTHER_STATE,
                    entry,
                    "stream " + stream + " begins at serial " + serial + " with another state than entry "
                            + before.entry() + " ended with");
        }
    }

    private static boolean differ(@Nullable String one, @Nullable String other) {
        return one != null && other != null && !one.equals(other);
    }

    private void found(FindingName name, Place entry, String message) {
        breaks++;
        findings.add(Layer.CONTINUITY, name, entry.file(), message);
    }

    /** How many applies could be compared with the one before them. */
    public long joins() {
        return joins;
    }

    /** How many findings there are, also those beyond what {@link Findings} keeps. */
    public long breaks() {
        return breaks;
    }

    /** How many lineages appear. */
    public long lineages() {
        return streamOf.size();
    }

    public LayerResult result() {
        if (streamOf.isEmpty()) {
            return LayerResult.notCovered(Layer.CONTINUITY, "no entry here carries a state");
        }
        String lineages = streamOf.size() == 1 ? "1 lineage" : streamOf.size() + " lineages";
        if (breaks == 0) {
            return LayerResult.valid(
                    Layer.CONTINUITY, lineages + ", no gap" + (joins == 0 ? " (nothing to join yet)" : ""));
        }
        return LayerResult.valid(
                Layer.CONTINUITY,
                "State continuity",
                lineages + ", " + breaks + (breaks == 1 ? " finding" : " findings")
                        + " about the world, not about what was given");
    }
}
