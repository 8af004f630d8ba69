package dev.terraseal.simulation.invariants;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.terraseal.kafka.Topics;
import dev.terraseal.simulation.Evidence;
import dev.terraseal.simulation.Invariant;
import dev.terraseal.simulation.Known;
import dev.terraseal.simulation.NaiveStatement;
import dev.terraseal.simulation.kafka.Committed;
import dev.terraseal.simulation.kafka.Partition;
import dev.terraseal.simulation.kafka.Rec;
import dev.terraseal.simulation.kafka.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * 4, for events that make no entry: whoever is told that an event is in the log already, by ingest or on {@code
 * terraseal.outcomes}, is told the entry that has its stream and id, and truly whether the content is the same; ingest says
 * it of no entry whose attestation is not committed. A pipeline throws its event away for such an answer.
 *
 * <p>An entry that is not there is looked for again: power may have taken it, and it is derived again.
 */
final class AnswersTrue implements Invariant {
    private final Committed sequenced = new Committed(Topics.SEQUENCED);
    private final Committed attestations = new Committed(Topics.ATTESTATIONS);
    private final Committed rejected = new Committed(Topics.REJECTED);
    private Committed outcomes = new Committed(Topics.OUTCOMES);
    private final Map<Long, NaiveStatement> entries = new HashMap<>();
    private final Map<Long, Long> sources = new HashMap<>();
    private final Set<Long> refused = new HashSet<>();
    private final List<Known> told = new ArrayList<>();
    private final List<Wire.Outcome> open = new ArrayList<>();
    private long signed;
    private int looked;
    private int rollbacks;

    @Override
    public String name() {
        return "4 answers are true";
    }

    @Override
    public void check(Evidence evidence) {
        if (evidence.rollbacks() > rollbacks) {
            // What was answered of entries that an old copy does not have is void.
            rollbacks = evidence.rollbacks();
            looked = evidence.known().size();
            told.clear();
        }
        read(evidence);
        for (; looked < evidence.known().size(); looked++) {
            Known known = evidence.known().get(looked);
            require(
                    known.sequence() < signed,
                    () -> "ingest said that " + what(known.stream(), known.id()) + " is entry " + known.sequence()
                            + ", whose attestation was not committed");
            told.add(known);
        }
        told.removeIf(this::holds);
        for (Rec rec : outcomes.read(evidence.broker())) {
            Wire.Outcome outcome = Wire.outcome(rec);
            ofItsEvent(rec, outcome, evidence.broker().partition(Topics.EVENTS));
            open.add(outcome);
        }
        Partition events = evidence.broker().partition(Topics.EVENTS);
        open.removeIf(outcome -> holds(outcome, events));
    }

    @Override
    public void checkAtRest(Evidence evidence) {
        check(evidence);
        require(told.isEmpty(), () -> "ingest named an entry that is not there: " + told.get(0));
        require(
                open.isEmpty(),
                () -> "an outcome names what is neither among the entries nor among the rejected: " + open.get(0));
    }

    private void read(Evidence evidence) {
        List<Rec> read = sequenced.read(evidence.broker());
        if (sequenced.anew()) {
            entries.clear();
            sources.clear();
            open.clear();
            outcomes = new Committed(Topics.OUTCOMES);
        }
        for (Rec rec : read) {
            if (rec.span() != null) {
                entries.put(rec.entry().sequence(), rec.entry());
                sources.put(rec.entry().sequence(), Wire.number(rec, "src"));
            }
        }
        for (Rec rec : attestations.read(evidence.broker())) {
            signed = Math.max(signed, rec.attestation().sequence() + 1);
        }
        List<Rec> more = rejected.read(evidence.broker());
        if (rejected.anew()) {
            refused.clear();
        }
        more.forEach(rec -> refused.add(Wire.number(rec, "src")));
    }

    /** False while the entry is not there. */
    private boolean holds(Known known) {
        NaiveStatement entry = entries.get(known.sequence());
        if (entry == null) {
            return false;
        }
        boolean same = known.outcome().equals(entry.body().get("outcome"));
        require(
                entry.stream().equals(known.stream()) && entry.id().equals(known.id()) && same == known.same(),
                () -> "ingest said that " + what(known.stream(), known.id()) + " is entry " + known.sequence()
                        + (known.same() ? "" : " with other content") + ", and that one is "
                        + what(entry.stream(), entry.id()) + (same ? " with the same" : " with other content"));
        return true;
    }

    private void ofItsEvent(Rec rec, Wire.Outcome outcome, Partition events) {
        String what = "the outcome at offset " + rec.offset() + " is said to be of event " + outcome.source();
        require(Wire.number(rec, "src") == outcome.source(), () -> what + ", and its header says of another");
        require(outcome.source() < events.end(), () -> what + ", which is not there");
        byte[] event = events.at(outcome.source()).value();
        require(
                outcome.id() == null
                        || Find.in(event, outcome.id().getBytes(UTF_8)) >= 0
                                && Find.in(event, outcome.stream().getBytes(UTF_8)) >= 0,
                () -> what + ", which is not " + what(outcome.stream(), outcome.id()));
    }

    /** False while what it names is not there. */
    private boolean holds(Wire.Outcome outcome, Partition events) {
        if (outcome.sequence() < 0) {
            require(!outcome.duplicate(), () -> "event " + outcome.source() + " is a duplicate of nothing");
            return refused.contains(outcome.source());
        }
        NaiveStatement entry = entries.get(outcome.sequence());
        if (entry == null) {
            return false;
        }
        byte[] event = events.at(outcome.source()).value();
        // In an event the outcome is a number, and this a text.
        boolean same = entry.body().get("change") instanceof Map<?, ?> change
                && Find.in(event, change.get("requestedBy").toString().getBytes(UTF_8)) >= 0;
        boolean before = sources.get(outcome.sequence()) < outcome.source()
                || outcome.duplicate() && sources.get(outcome.sequence()) == outcome.source();
        require(
                entry.stream().equals(outcome.stream())
                        && entry.id().equals(outcome.id())
                        && same == outcome.duplicate()
                        && before,
                () -> "event " + outcome.source() + " is said to be "
                        + (outcome.duplicate() ? "the same as" : "another than") + " entry " + outcome.sequence()
                        + ", which is " + what(entry.stream(), entry.id()) + " of event "
                        + sources.get(outcome.sequence()) + (same ? " with the same" : " with other content"));
        return true;
    }

    private static String what(String stream, String id) {
        return "event " + id + " of stream " + stream;
    }
}
