package dev.terraseal.simulation;

import dev.terraseal.core.chain.LogHead;
import dev.terraseal.sequencer.SimulatedTask;
import dev.terraseal.simulation.kafka.Broker;
import dev.terraseal.simulation.store.Objects;

/** What the parts of one run share: its chance and time, what outlives processes, and what has been seen. */
final class Site {
    private static final long BORN = 1_795_309_323_000L;

    private final Temper temper;
    private final Chance chance;
    private final Time time;
    private final Defect defect;
    private final EventPool pool;
    private final Objects objects;
    private final Evidence evidence;
    private final Coverage coverage = new Coverage();
    private final Trace trace = new Trace();
    private Broker broker;
    private LogHead floorFile;
    private boolean calm;

    /** @param older to go on from, null to begin with a log just born */
    Site(Temper temper, Defect defect, EventPool pool, Site older) {
        this.temper = temper;
        this.chance = new Chance(temper.seed());
        this.time = new Time(older == null ? BORN : older.time.wall());
        this.defect = defect;
        this.pool = pool;
        this.broker = older == null
                ? new Broker(time, chance, trace, SimulatedTask.CHANGELOG)
                : new Broker(older.broker, time, chance, trace);
        this.objects = older == null ? EventPool.birth(trace) : new Objects(older.objects, trace);
        this.floorFile = older == null ? null : older.floorFile;
        this.evidence =
                new Evidence(EventPool.LOG.bytes(), EventPool.LOG.origin().value(), temper, broker, objects);
    }

    Temper temper() {
        return temper;
    }

    Chance chance() {
        return chance;
    }

    Time time() {
        return time;
    }

    Defect defect() {
        return defect;
    }

    EventPool pool() {
        return pool;
    }

    Objects objects() {
        return objects;
    }

    Evidence evidence() {
        return evidence;
    }

    Coverage coverage() {
        return coverage;
    }

    Broker broker() {
        return broker;
    }

    /** The broker comes back as it was when {@code copy} was made. */
    void rollBack(Broker copy) {
        broker = copy;
        evidence.rolledBack(copy, floorFile == null ? 0 : floorFile.size());
    }

    /** What the signer's file says; null before it was first written. */
    LogHead floorFile() {
        return floorFile;
    }

    void remember(LogHead head) {
        floorFile = head;
    }

    /** Whether nothing goes wrong any more. */
    boolean calm() {
        return calm;
    }

    void calmDown() {
        calm = true;
    }

    Trace trace() {
        return trace;
    }

    /** The newest checkpoint of the archive, as {@code up} passes it on. */
    long archived() {
        long newest = 0;
        for (String name : objects.all().tailMap("checkpoints/").keySet()) {
            if (!name.startsWith("checkpoints/")) {
                break;
            }
            boolean ours = objects.versions(name).stream().anyMatch(Objects.Obj::ours);
            newest = ours ? Math.max(newest, Long.parseLong(name.substring("checkpoints/".length()))) : newest;
        }
        return newest;
    }
}
