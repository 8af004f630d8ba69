package dev.terraseal.simulation;

import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.ingest.EventSender;
import dev.terraseal.kafka.Topics;
import dev.terraseal.simulation.Defect.Stage;
import dev.terraseal.simulation.kafka.Broker;
import dev.terraseal.simulation.kafka.Committed;
import java.util.List;
import java.util.Map;

/**
 * One run: a broker, a bucket, keys, and the processes of four stages that take turns as the seed has it. Everything
 * happens on the calling thread; the same seed is the same run to the last byte.
 */
public final class World {
    public static final int STEPS = 200;

    private static final int ROUNDS = 3_000;

    private final Site site;
    private final Temper temper;
    private final Chance chance;
    private final Evidence evidence;
    private final List<Invariant> invariants;
    private final Faults faults;
    private final Assembly assembly;
    private final Processes processes;
    private final Pipelines pipelines;
    private Broker copy;
    private int depth;
    private int steps;
    private Violation violation;

    /**
     * @param invariants what is looked at
     * @param older a world at rest to go on from, null to begin with a log just born
     */
    World(Temper temper, Defect defect, EventPool pool, List<Invariant> invariants, World older) {
        this.site = new Site(temper, defect, pool, older == null ? null : older.site);
        this.temper = temper;
        this.chance = site.chance();
        this.evidence = site.evidence();
        this.invariants = invariants;
        this.faults = new Faults(site, new Faults.Steps() {
            @Override
            public int depth() {
                return depth;
            }

            @Override
            public void another() {
                step(choose());
            }
        });
        this.assembly = new Assembly(site, faults);
        this.processes = new Processes(site, assembly);
        this.pipelines = new Pipelines(site, older == null ? 0 : older.pipelines.next());
    }

    /** The whole run. Throws the first {@link Violation}. */
    public void run() {
        LogLines.to(evidence.lines()::add);
        try {
            check();
            for (int i = 0; i < temper.steps(); i++) {
                damage(i);
                step(choose());
            }
            site.calmDown();
            site.coverage().end();
            rest();
        } finally {
            LogLines.to(line -> {});
            if (violation != null) {
                throw violation;
            }
        }
    }

    /** Until the log has so many entries, without anything going wrong; then comes to rest. */
    void grow(int entries) {
        while (entries() < entries) {
            step(choose());
        }
        site.calmDown();
        rest();
    }

    public Coverage coverage() {
        return site.coverage();
    }

    /** Why processes ended by themselves, and how often. */
    public Map<String, Integer> stops() {
        return processes.stops();
    }

    /** Equal for equal runs. */
    public long trace() {
        return site.trace().value();
    }

    public int steps() {
        return steps;
    }

    public long entries() {
        return evidence.archive().statements().size();
    }

    Evidence evidence() {
        return evidence;
    }

    private Step choose() {
        return faults.met() ? temper.focus().step() : temper.step(chance);
    }

    private void step(Step step) {
        site.coverage().next(step);
        steps++;
        site.trace().add(step.ordinal() + 1);
        site.trace().add(site.time().wall());
        depth++;
        try {
            run(step);
        } catch (Violation found) {
            violation = violation == null ? found : violation;
            throw found;
        } finally {
            depth--;
        }
        check();
    }

    private void check() {
        try {
            for (Invariant invariant : invariants) {
                invariant.check(evidence);
            }
        } catch (Violation found) {
            violation = violation == null ? found : violation;
            throw found;
        }
    }

    private void run(Step step) {
        site.time().pass(chance.below(20));
        switch (step) {
            case SUBMIT -> pipelines.submit(processes);
            case TICK ->
                processes.ingest(process -> process.send(
                        new EventSender.Outgoing(StreamId.LOG, site.pool().tick())));
            case FOLLOW -> processes.ingest(IngestProcess::follow);
            case SEQUENCER -> processes.turn(Stage.SEQUENCER);
            case SIGNER -> processes.turn(Stage.SIGNER);
            case ARCHIVER -> processes.turn(Stage.ARCHIVER);
            case BROKER -> {
                site.broker().work(1 + chance.below(2));
                site.broker().sync();
            }
            case CLOCK ->
                site.time()
                        .jump((chance.below(2) == 0 ? 1 : -1)
                                * chance.of(List.of(500L, 5_000L, 60_000L, 3_600_000L, 86_400_000L)));
            case KILL -> processes.killOne();
            case POWER_LOSS -> {
                processes.killAll();
                site.broker().powerLoss();
            }
            case SECOND -> processes.second();
            case STATE_LOST -> {
                processes.kill(Stage.SEQUENCER);
                assembly.loseSequencerState();
            }
            case PLANT -> new Planter(chance, site.objects(), evidence.archive()).plant();
        }
        processes.bury();
    }

    /** Beyond what is promised; no fork may come from it either. */
    private void damage(int step) {
        if (temper.damage() == Damage.ROLLBACK && step == temper.steps() * 3 / 10) {
            copy = new Broker(site.broker(), site.time(), chance, site.trace());
        }
        if (step != temper.steps() * 6 / 10) {
            return;
        }
        if (temper.damage() == Damage.ROLLBACK) {
            // The file lags behind by a second at most; what was signed within it is not this scenario's.
            new Committed(Topics.ATTESTATIONS).read(site.broker()).forEach(rec -> {
                LogHead after = Heads.after(rec);
                LogHead file = site.floorFile();
                site.remember(file == null || file.size() < after.size() ? after : file);
            });
            processes.killAll();
            processes.clear();
            site.rollBack(copy);
            check();
        }
        if (temper.damage() == Damage.FOREIGN) {
            Broker broker = site.broker();
            broker.write(Topics.SEQUENCED, null, Heads.foreign(broker), Heads.foreignHeaders(broker));
        }
    }

    /** When nothing goes wrong any more. */
    private void rest() {
        for (int round = 0; round < ROUNDS; round++) {
            for (Stage stage : List.of(Stage.SEQUENCER, Stage.SIGNER, Stage.ARCHIVER)) {
                processes.turn(stage);
            }
            processes.bury();
            site.broker().work(3);
            site.time().pass(50);
            check();
            if (atRest() || temper.damage() != Damage.NONE && round > damagedRounds()) {
                break;
            }
        }
        if (temper.damage() == Damage.NONE) {
            if (!atRest()) {
                violation = new Violation(
                        "goes on", "it does not come to rest: " + standing() + "; stops: " + processes.stops());
                throw violation;
            }
        }
        try {
            for (Invariant invariant : invariants) {
                if (temper.damage() == Damage.NONE) {
                    invariant.checkAtRest(evidence);
                } else {
                    invariant.checkDamaged(evidence);
                }
            }
        } catch (Violation found) {
            violation = found;
            throw found;
        }
    }

    /** A signer has its pace: where nobody came to the foreign entry yet, somebody will. */
    private int damagedRounds() {
        boolean met = evidence.stops().stream().anyMatch(Stops::ofDamagedEntries);
        return temper.damage() == Damage.FOREIGN && !met ? ROUNDS : 12;
    }

    private String standing() {
        return "events " + site.broker().partition(Topics.EVENTS).end() + ", committed "
                + site.broker().group().committed()
                + ", sequenced "
                + new Committed(Topics.SEQUENCED).read(site.broker()).size() + ", attested "
                + new Committed(Topics.ATTESTATIONS).read(site.broker()).size() + ", archived "
                + evidence.archive().statements().size() + ", checkpoint " + site.archived();
    }

    private boolean atRest() {
        Broker broker = site.broker();
        if (broker.undecided()
                || broker.group().committed() < broker.partition(Topics.EVENTS).end()) {
            return false;
        }
        int archivedEntries = evidence.archive().statements().size();
        return site.archived() == archivedEntries
                && new Committed(Topics.ATTESTATIONS).read(site.broker()).size() == archivedEntries
                && new Committed(Topics.SEQUENCED).read(site.broker()).size() == archivedEntries;
    }
}
