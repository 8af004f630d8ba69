package dev.terraseal.simulation;

import dev.terraseal.archiver.ArchiverConfig;
import dev.terraseal.archiver.SimulatedArchiver;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.ingest.EventIntake;
import dev.terraseal.ingest.EventSender;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.kafka.KafkaClients;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.Topics;
import dev.terraseal.sequencer.SimulatedTask;
import dev.terraseal.signer.SimulatedSigner;
import dev.terraseal.simulation.Defect.Stage;
import dev.terraseal.simulation.kafka.Broker;
import dev.terraseal.simulation.kafka.Calls;
import dev.terraseal.simulation.kafka.Committed;
import dev.terraseal.simulation.kafka.GroupMember;
import dev.terraseal.simulation.kafka.SimulatedKafka;
import dev.terraseal.simulation.kafka.StageCalls;
import dev.terraseal.simulation.keys.FastKey;
import dev.terraseal.simulation.keys.SimulatedKms;
import dev.terraseal.simulation.store.Objects;
import dev.terraseal.simulation.store.SimulatedStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One run: a broker, a bucket, keys, and the processes of four stages that take turns as the seed has it. Everything
 * happens on the calling thread; the same seed is the same run to the last byte.
 */
public final class World implements Calls {
    public static final int STEPS = 200;

    private static final int DEEPEST = 2;
    /** After so many of the failure a run looks for, its log is left to grow. */
    private static final int LOOKS = 8;

    private static final int ROUNDS = 3_000;
    private static final long BORN = 1_795_309_323_000L;

    private final Temper temper;
    private final Chance chance;
    private final Time time;
    private final Defect defect;
    private final Coverage coverage = new Coverage();
    private final EventPool pool;
    private final Objects objects;
    private final Evidence evidence;
    private final List<Invariant> invariants;
    private final FastKey attest = EventPool.ATTEST.fresh();
    private final Map<Stage, List<Process>> stages = new EnumMap<>(Stage.class);
    private final Map<String, Integer> stops = new TreeMap<>();
    private final Pipelines pipelines;
    private final long[] archiverMemory = {0};
    private Broker broker;
    private Broker copy;
    private LogHead floorFile;
    private int processId;
    private int lives;
    private int depth;
    private boolean calm;
    private boolean focused;
    private int looking = LOOKS;
    private long trace;
    private int steps;
    private Violation violation;

    /** A process and what a turn of it is. */
    private static final class Process {
        private final Life life;
        private final Turn turn;
        private final IngestProcess ingest;

        Process(Life life, Turn turn, IngestProcess ingest) {
            this.life = life;
            this.turn = turn;
            this.ingest = ingest;
        }
    }

    private interface Turn {
        void run() throws Exception;
    }

    /**
     * @param invariants what is looked at
     * @param older a world at rest to go on from, null to begin with a log just born
     */
    World(Temper temper, Defect defect, EventPool pool, List<Invariant> invariants, World older) {
        this.invariants = invariants;
        this.temper = temper;
        this.chance = new Chance(temper.seed());
        this.time = new Time(older == null ? BORN : older.time.wall());
        this.defect = defect;
        this.pool = pool;
        this.broker = older == null
                ? new Broker(time, chance, SimulatedTask.CHANGELOG)
                : new Broker(older.broker, time, chance);
        this.objects = older == null ? EventPool.birth() : new Objects(older.objects);
        this.floorFile = older == null ? null : older.floorFile;
        this.evidence =
                new Evidence(EventPool.LOG.bytes(), EventPool.LOG.origin().value(), broker, objects);
        this.pipelines = new Pipelines(pool, chance, older == null ? 0 : older.pipelines.next());
        for (Stage stage : Stage.values()) {
            stages.put(stage, new ArrayList<>());
        }
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
            calm = true;
            coverage.end();
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
        calm = true;
        rest();
    }

    public Coverage coverage() {
        return coverage;
    }

    /** Why processes ended by themselves, and how often. */
    public Map<String, Integer> stops() {
        return stops;
    }

    /** Equal for equal runs. */
    public long trace() {
        return trace;
    }

    public int steps() {
        return steps;
    }

    public long entries() {
        return evidence.archive().statements().size();
    }

    private Step choose() {
        boolean now = focused;
        focused = false;
        return now ? temper.focus().step() : temper.step(chance);
    }

    private void step(Step step) {
        coverage.next(step);
        steps++;
        trace = trace * 31 + step.ordinal() + 1;
        trace = trace * 31 + time.wall();
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
        time.pass(chance.below(20));
        switch (step) {
            case SUBMIT -> submit();
            case TICK ->
                ingest(process ->
                        process.send(new EventSender.Outgoing(dev.terraseal.core.bytes.StreamId.LOG, pool.tick())));
            case FOLLOW -> ingest(IngestProcess::follow);
            case SEQUENCER -> turn(Stage.SEQUENCER);
            case SIGNER -> turn(Stage.SIGNER);
            case ARCHIVER -> turn(Stage.ARCHIVER);
            case BROKER -> {
                broker.work(1 + chance.below(2));
                broker.sync();
            }
            case CLOCK ->
                time.jump((chance.below(2) == 0 ? 1 : -1)
                        * chance.of(List.of(500L, 5_000L, 60_000L, 3_600_000L, 86_400_000L)));
            case KILL -> kill();
            case POWER_LOSS -> {
                stages.values().forEach(processes -> processes.forEach(process -> process.life.kill()));
                broker.powerLoss();
            }
            case SECOND -> second();
            case STATE_LOST -> {
                stages.get(Stage.SEQUENCER).forEach(process -> process.life.kill());
                processId++;
            }
            case PLANT -> new Planter(chance, objects, evidence.archive()).plant();
        }
        stages.values().forEach(processes -> processes.removeIf(each -> each.life.dead() && !each.life.busy()));
    }

    // ---- processes

    private Process start(Stage stage) {
        Life life = new Life(stage + "-" + ++lives);
        KafkaClients clients =
                defect.clients(stage, new SimulatedKafka(broker, this, calls(stage), life, chance), lives);
        KafkaConnection kafka = SimulatedKafka.connection(clients);
        Process process = switch (stage) {
            case INGEST -> new Process(life, () -> {}, new IngestProcess(kafka));
            case SEQUENCER -> new Process(life, sequencer(kafka, life)::turn, null);
            case SIGNER -> new Process(life, signer(kafka, life)::turn, null);
            case ARCHIVER -> new Process(life, archiver(kafka, life)::turn, null);
        };
        stages.get(stage).add(process);
        return process;
    }

    private static StageCalls calls(Stage stage) {
        return switch (stage) {
            case INGEST -> StageCalls.INGEST;
            case SEQUENCER -> StageCalls.SEQUENCER;
            case SIGNER -> StageCalls.SIGNER;
            case ARCHIVER -> StageCalls.ARCHIVER;
        };
    }

    private SimulatedTask sequencer(KafkaConnection kafka, Life life) {
        return new SimulatedTask(new SimulatedTask.Given(
                kafka,
                new GroupMember(broker),
                this,
                life,
                chance,
                time,
                EventPool.LOG,
                EventPool.CHECKER,
                pool.decoder()::decode,
                processId,
                this::archived,
                defect.sequencer()));
    }

    /** As {@code up} passes it on: the newest checkpoint of the archive. */
    private long archived() {
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

    private SimulatedSigner signer(KafkaConnection kafka, Life life) {
        return new SimulatedSigner(new SimulatedSigner.Given(
                kafka,
                this,
                life,
                chance,
                time,
                EventPool.LOG,
                new SimulatedKms(attest, this, Call.SIGNER_SIGN, life, evidence::attested),
                EventPool.CHECKER,
                new SimulatedStore(objects, this, life, chance, false, Call.SIGNER_KEEP),
                () -> floorFile,
                head -> remember(life, head),
                defect.signer()));
    }

    /** A file that could not be written is a weaker warning and no reason to stop. */
    private void remember(Life life, LogHead head) {
        try {
            this.<Boolean, IOException>make(
                    life,
                    Call.SIGNER_FLOOR,
                    () -> {
                        floorFile = head;
                        return true;
                    },
                    fault -> new IOException("disk"));
        } catch (IOException lost) {
            trace++;
        }
    }

    private SimulatedArchiver archiver(KafkaConnection kafka, Life life) {
        return new SimulatedArchiver(new SimulatedArchiver.Given(
                kafka,
                this,
                life,
                time,
                EventPool.LOG,
                defect.store(
                        new SimulatedStore(objects, this, life, chance, temper.lies() && !calm, Call.ARCHIVER_KEEP)),
                new SimulatedKms(EventPool.LOG_KEY, this, Call.ARCHIVER_SIGN, life, evidence::noted),
                EventPool.CHECKER,
                new ArchiverConfig.Limits(
                        Duration.ofMillis(calm ? 0 : chance.below(3) * 1_500L),
                        1 + chance.below(temper.aged() ? 60 : 24),
                        1 << 20,
                        Duration.ofSeconds(60)),
                entries -> defect.entries(entries, archiverMemory)));
    }

    private Process one(Stage stage) {
        List<Process> free = stages.get(stage).stream()
                .filter(process -> !process.life.dead() && !process.life.busy())
                .toList();
        boolean any = stages.get(stage).stream().anyMatch(process -> !process.life.dead());
        return free.isEmpty() ? any ? null : start(stage) : chance.of(free);
    }

    private void turn(Stage stage) {
        Process process = one(stage);
        if (process != null) {
            turn(stage, process, process.turn);
        }
    }

    private void turn(Stage stage, Process process, Turn turn) {
        Life life = process.life;
        life.enter();
        try {
            turn.run();
        } catch (Crash gone) {
            life.kill();
        } catch (Violation found) {
            throw found;
        } catch (ProblemException unknown) {
            trace++; // The pipeline was told that nothing is known; it sends the event again some time.
        } catch (Exception | Error ended) {
            life.kill();
            stops.merge(stage + " " + Stops.kind(ended), 1, Integer::sum);
        } finally {
            life.leave();
        }
    }

    private void kill() {
        List<Process> all = new ArrayList<>();
        stages.values().forEach(all::addAll);
        if (!all.isEmpty()) {
            chance.of(all).life.kill();
        }
    }

    private void second() {
        Stage stage = chance.of(List.of(Stage.SEQUENCER, Stage.SIGNER, Stage.ARCHIVER));
        if (stages.get(stage).size() < 3) {
            Process process = start(stage);
            turn(stage, process, process.turn);
        }
    }

    // ---- pipelines

    private interface Asking {
        void of(IngestProcess ingest) throws Exception;
    }

    private void ingest(Asking asking) {
        Process process = one(Stage.INGEST);
        if (process != null) {
            turn(Stage.INGEST, process, () -> asking.of(process.ingest));
        }
    }

    private void submit() {
        if (chance.perMille(100)) {
            pipelines.pastIngest(broker);
            return;
        }
        List<Pipelines.Wanted> wanted = pipelines.next(temper.burst(), defect);
        List<EventIntake.Ready> ready =
                wanted.stream().map(Pipelines.Wanted::ready).toList();
        ingest(process -> {
            if (defect.answersEarly()) {
                long offset = broker.partition(Topics.EVENTS).end();
                for (Pipelines.Wanted each : wanted) {
                    acknowledged(each, offset++);
                }
            }
            List<IngestProcess.Answered> answers = process.send(ready);
            for (int i = 0; i < answers.size(); i++) {
                if (answers.get(i).offset() >= 0) {
                    acknowledged(wanted.get(i), answers.get(i).offset());
                }
            }
        });
    }

    private void acknowledged(Pipelines.Wanted wanted, long offset) {
        evidence.acknowledged()
                .add(new Sent(
                        wanted.ready().event().stream().value(),
                        wanted.ready().event().id().value(),
                        wanted.content() == 0 ? "succeeded" : "failed",
                        wanted.ready().framed(),
                        offset));
    }

    // ---- what can be wrong with a call

    @Override
    public <T, E extends Exception> T make(Life life, Call call, Effect<T, E> effect, Failing<E> failing) throws E {
        requireAlive(life);
        time.pass(chance.below(3));
        Fault fault = calm ? null : temper.fault(call, chance, looking > 0);
        if (fault == null) {
            return effect.run();
        }
        coverage.met(call, fault);
        if (temper.focus() != null
                && call == temper.focus().call()
                && fault == temper.focus().fault()) {
            focused = true;
            looking--;
        }
        trace = trace * 31 + call.ordinal() * 7 + fault.ordinal();
        switch (fault) {
            case FAIL -> {
                return answer(failing, fault);
            }
            case TIME_OUT -> {
                time.pass(5_000);
                return answer(failing, fault);
            }
            case PERSISTED -> {
                effect.run();
                time.pass(5_000);
                return answer(failing, fault);
            }
            case DELAYED -> {
                others();
                requireAlive(life);
                return effect.run();
            }
            case DUPLICATED -> {
                T answer = effect.run();
                effect.run();
                return answer;
            }
            case CRASH_BEFORE -> {
                life.kill();
                throw new Crash("before " + call);
            }
            case CRASH_AFTER -> {
                effect.run();
                life.kill();
                throw new Crash("after " + call);
            }
        }
        throw new IllegalStateException("no such failure: " + fault);
    }

    private static <T, E extends Exception> T answer(Failing<E> failing, Fault fault) throws E {
        E failure = failing.of(fault);
        if (failure != null) {
            throw failure;
        }
        return null;
    }

    private static void requireAlive(Life life) {
        if (life.dead()) {
            throw new Crash("dead already");
        }
    }

    private void others() {
        if (depth > DEEPEST) {
            time.pass(500);
            return;
        }
        for (int i = 1 + chance.below(3); i > 0; i--) {
            step(choose());
        }
    }

    @Override
    public boolean calm() {
        return calm;
    }

    @Override
    public void idle(Life life, long millis) {
        requireAlive(life);
        int idled = life.idle();
        time.pass(Math.max(millis, idled > 30 ? 100 : 0));
        if (chance.below(3) == 0 || idled > 30) {
            broker.work(1);
        }
        if (!calm && depth <= DEEPEST && chance.below(12) == 0) {
            step(choose());
            requireAlive(life);
        }
        if (idled > 400) {
            // It waits for what another stage has to do first, and has the only thread: its keeper starts it again.
            life.kill();
            throw new Crash("waits for others");
        }
    }

    // ---- damage beyond what is promised, from which no fork may come

    private void damage(int step) {
        if (temper.damage() == Temper.Damage.ROLLBACK && step == temper.steps() * 3 / 10) {
            copy = new Broker(broker, time, chance);
        }
        if (step != temper.steps() * 6 / 10) {
            return;
        }
        if (temper.damage() == Temper.Damage.ROLLBACK) {
            // The file lags behind by a second at most; what was signed within it is not this scenario's.
            new Committed(Topics.ATTESTATIONS).read(broker).forEach(rec -> {
                LogHead after = Heads.after(rec);
                floorFile = floorFile == null || floorFile.size() < after.size() ? after : floorFile;
            });
            stages.values().forEach(processes -> processes.forEach(process -> process.life.kill()));
            stages.values().forEach(List::clear);
            broker = copy;
            evidence.rolledBack(copy, floorFile == null ? 0 : floorFile.size());
            check();
        }
        if (temper.damage() == Temper.Damage.FOREIGN) {
            broker.write(Topics.SEQUENCED, null, Heads.foreign(broker), Heads.foreignHeaders(broker));
        }
    }

    // ---- when nothing goes wrong any more

    private void rest() {
        for (int round = 0; round < ROUNDS; round++) {
            for (Stage stage : List.of(Stage.SEQUENCER, Stage.SIGNER, Stage.ARCHIVER)) {
                turn(stage);
                stages.get(stage).removeIf(process -> process.life.dead());
            }
            broker.work(3);
            time.pass(50);
            check();
            if (atRest() || temper.damage() != Temper.Damage.NONE && round > 12) {
                break;
            }
        }
        if (temper.damage() == Temper.Damage.NONE) {
            if (!atRest()) {
                violation = new Violation("goes on", "it does not come to rest: " + standing() + "; stops: " + stops);
                throw violation;
            }
            try {
                invariants.forEach(invariant -> invariant.checkAtRest(evidence));
            } catch (Violation found) {
                violation = found;
                throw found;
            }
        }
    }

    private String standing() {
        return "events " + broker.partition(Topics.EVENTS).end() + ", committed "
                + broker.group().committed()
                + ", sequenced " + new Committed(Topics.SEQUENCED).read(broker).size() + ", attested "
                + new Committed(Topics.ATTESTATIONS).read(broker).size() + ", archived "
                + evidence.archive().statements().size() + ", checkpoint " + archived();
    }

    private boolean atRest() {
        if (broker.undecided()
                || broker.group().committed() < broker.partition(Topics.EVENTS).end()) {
            return false;
        }
        int archivedEntries = evidence.archive().statements().size();
        return archived() == archivedEntries
                && new Committed(Topics.ATTESTATIONS).read(broker).size() == archivedEntries
                && new Committed(Topics.SEQUENCED).read(broker).size() == archivedEntries;
    }
}
