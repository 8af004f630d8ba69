package dev.terraseal.export.report;

import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.bundle.PopulationRow;
import dev.terraseal.verifier.entries.Counts;
import dev.terraseal.verifier.entries.StateContinuity;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a report says about entries, gathered while they pass; it grows with the number of streams and no more. */
public final class Dossier {
    /** So many rows are in the table of the page; population.csv has them all. */
    static final int TABLE_MAX = 1000;

    private final Counts counts = new Counts();
    private final Timeline timeline = new Timeline();
    private final Findings findings = new Findings(true);
    private final StateContinuity continuity = new StateContinuity(findings);
    private final Map<StreamId, Stream> streams = new HashMap<>();
    private final List<Change> table = new ArrayList<>();
    private final Attention attention = new Attention();
    private long entries;
    private long changes;
    private long added;
    private long changed;
    private long removed;
    private @Nullable Timestamp first;
    private @Nullable Timestamp last;
    private long lastSequence;
    private Quiet quiet = new Quiet(0, 0, 0);

    /** The longest time in which nothing was received, between two entries. */
    record Quiet(long millis, long after, long before) {}

    /** A stream as far as it is shown. */
    static final class Stream {
        private long entries;
        private long applies;
        private long notSucceeded;
        private @Nullable Change newest;

        long entries() {
            return entries;
        }

        long applies() {
            return applies;
        }

        long notSucceeded() {
            return notSucceeded;
        }

        @Nullable Change newest() {
            return newest;
        }
    }

    /** Applies that an auditor may want to ask about. */
    static final class Attention {
        private long notSucceeded;
        private long withoutTicket;
        private long withoutIdentity;
        private long withoutSavedPlan;
        private long removing;

        long notSucceeded() {
            return notSucceeded;
        }

        long withoutTicket() {
            return withoutTicket;
        }

        long withoutIdentity() {
            return withoutIdentity;
        }

        long withoutSavedPlan() {
            return withoutSavedPlan;
        }

        long removing() {
            return removing;
        }
    }

    /** Takes the next entry, in ascending order. */
    public void see(String file, Statement statement, PopulationRow row) {
        entries++;
        counts.add(statement);
        continuity.add(file, statement);
        time(statement);
        Change change = Change.of(statement, row);
        boolean isApply = statement.type() == PredicateType.TERRAFORM_APPLY;
        boolean succeeded = change.outcome().equals("succeeded");
        timeline.add(
                statement.receivedAt(),
                !isApply ? Timeline.Kind.NO_APPLY : succeeded ? Timeline.Kind.SUCCEEDED : Timeline.Kind.OTHERWISE);
        Stream stream = streams.computeIfAbsent(statement.stream(), any -> new Stream());
        stream.entries++;
        stream.newest = change;
        if (isApply) {
            stream.applies++;
            stream.notSucceeded += succeeded ? 0 : 1;
            apply(statement, row, succeeded);
        }
        if (!statement.stream().isReserved() && table.size() < TABLE_MAX) {
            table.add(change);
        }
    }

    private void time(Statement statement) {
        Timestamp received = statement.receivedAt();
        if (last != null) {
            long millis = received.epochMillis() - last.epochMillis();
            if (millis > quiet.millis()) {
                quiet = new Quiet(millis, lastSequence, statement.sequence().value());
            }
        }
        first = first == null ? received : first;
        last = received;
        lastSequence = statement.sequence().value();
    }

    private void apply(Statement statement, PopulationRow row, boolean succeeded) {
        Json of = statement.body().get("changes");
        changes++;
        added += Change.count(of, "add");
        changed += Change.count(of, "change");
        removed += Change.count(of, "remove");
        attention.notSucceeded += succeeded ? 0 : 1;
        attention.withoutTicket += row.cell("ticket").isEmpty() ? 1 : 0;
        attention.withoutIdentity += row.cell("subject").isEmpty() ? 1 : 0;
        attention.removing += Change.count(of, "remove") > 0 ? 1 : 0;
        boolean saved = statement.body().get("plan") instanceof Json.Obj plan
                && plan.get("saved") instanceof Json.Bool flag
                && flag.value();
        attention.withoutSavedPlan += saved ? 0 : 1;
    }

    public Counts counts() {
        return counts;
    }

    Timeline timeline() {
        return timeline;
    }

    StateContinuity continuity() {
        return continuity;
    }

    /** The first of them. */
    List<Finding> continuityFindings() {
        return findings.of(Layer.CONTINUITY);
    }

    /** How many there are of a name, also where they are too many to be kept. */
    long continuityFindings(FindingName name) {
        return findings.perName().getOrDefault(name, 0);
    }

    Map<StreamId, Stream> streams() {
        return streams;
    }

    List<Change> table() {
        return table;
    }

    Attention attention() {
        return attention;
    }

    long entries() {
        return entries;
    }

    /** Entries of streams that are not the log's own. */
    long ordinary() {
        long ordinary = 0;
        for (Map.Entry<StreamId, Stream> stream : streams.entrySet()) {
            ordinary += stream.getKey().isReserved() ? 0 : stream.getValue().entries();
        }
        return ordinary;
    }

    /** Applies, whatever came of them. */
    long applies() {
        return changes;
    }

    long added() {
        return added;
    }

    long changed() {
        return changed;
    }

    long removed() {
        return removed;
    }

    @Nullable Timestamp first() {
        return first;
    }

    @Nullable Timestamp last() {
        return last;
    }

    Quiet quiet() {
        return quiet;
    }
}
