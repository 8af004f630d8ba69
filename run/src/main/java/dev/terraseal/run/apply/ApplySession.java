package dev.terraseal.run.apply;

import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.run.origin.StreamName;
import dev.terraseal.run.screen.Approval;
import dev.terraseal.run.screen.Refusal;
import dev.terraseal.run.spool.Intent;
import dev.terraseal.run.spool.Orphan;
import dev.terraseal.run.spool.Spool;
import dev.terraseal.run.spool.SpooledEvent;
import dev.terraseal.run.terraform.Engine;
import dev.terraseal.run.terraform.Interrupts;
import dev.terraseal.run.terraform.Invocation;
import dev.terraseal.run.terraform.ResourceLines;
import dev.terraseal.run.terraform.StateSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * One attested apply. The order of writes is the promise:
 *
 * <ol>
 *   <li>intent {@code planning} on disk, then terraform plans;
 *   <li>the plan is sealed, the question asked, the state read;
 *   <li>intent {@code applying} with the event that says {@code unknown} on disk, then terraform applies. Killed from
 *       here on, that event is what the log will hold;
 *   <li>intent {@code finished} with the event that says what happened, then the queue, then the network.
 * </ol>
 */
public final class ApplySession {
    /** Exit code where terraform's own says nothing: we stopped before anything was applied. */
    public static final int NOT_STARTED = 125;

    private final Invocation invocation;
    private final RunOptions options;
    private final Spool spool;
    private final Terminal terminal;
    private final Interrupts interrupts;
    private final TerraformApply terraform;
    private final Path directory;
    private final Map<String, String> environment;
    private final Callable<Optional<Json.Obj>> newestHead;

    /** @param newestHead asks for the newest checkpoint; where it takes longer than planning, none is quoted */
    public ApplySession(
            Invocation invocation,
            RunOptions options,
            Spool spool,
            Terminal terminal,
            Interrupts interrupts,
            InstantSource clock,
            Path current,
            Map<String, String> environment,
            Callable<Optional<Json.Obj>> newestHead) {
        this.invocation = invocation;
        this.options = options;
        this.spool = spool;
        this.terminal = terminal;
        this.interrupts = interrupts;
        this.environment = environment;
        this.newestHead = newestHead;
        this.directory = invocation.directory(current);
        Engine engine = new Engine(invocation, current, environment);
        this.terraform = new TerraformApply(invocation, engine, directory, terminal, interrupts, clock);
    }

    /**
     * How it went.
     *
     * @param exitCode terraform's, or {@link #NOT_STARTED}
     * @param recorded the event in the queue; empty where nothing was applied
     */
    public record Ended(int exitCode, Optional<Recorded> recorded) {}

    /** The event of an apply that was begun. */
    public record Recorded(SpooledEvent event, String outcome) {}

    /** @param id of the event this becomes */
    public Ended run(EventId id) throws IOException, InterruptedException {
        for (Orphan orphan : spool.adoptOrphans()) {
            terminal.say(
                    orphan.applied()
                            ? "an earlier run (" + orphan.id() + ") ended without a word; it is recorded as unknown"
                            : "an earlier run (" + orphan.id()
                                    + ") ended before it applied anything; nothing to record");
        }
        try (Intent intent = spool.begin(id)) {
            Prepared prepared;
            try {
                prepared = prepare(id, intent);
            } catch (NothingAppliedException nothing) {
                intent.discard();
                return new Ended(nothing.exitCode(), Optional.empty());
            } catch (IOException | RuntimeException failure) {
                intent.discard();
                throw failure;
            }
            Applied applied = terraform.apply(prepared.plan(), intent.scratch());
            try {
                return finish(intent, prepared, applied);
            } catch (IOException failure) {
                terminal.say("WARNING: the evidence of this apply could not be written: " + failure.getMessage()
                        + "; what is on disk says that its outcome is unknown");
                return new Ended(applied.exitCode(), Optional.empty());
            }
        }
    }

    /** An apply about to begin, its intent on disk. */
    private record Prepared(StreamId stream, ApplyEvent event, Plan plan, Optional<StateSnapshot> before) {}

    private Prepared prepare(EventId id, Intent intent)
            throws IOException, InterruptedException, NothingAppliedException {
        Timestamp startedAt = terraform.now();
        FutureTask<Optional<Json.Obj>> asking = inBackground(newestHead);
        FutureTask<Surroundings> looking = inBackground(() -> Surroundings.of(directory, environment));
        TerraformApply.Planned planned = planned(intent);
        Plan plan = planned.plan();
        if (plan == null) {
            throw new NothingAppliedException(planned.exitCode());
        }
        FutureTask<Optional<StateSnapshot>> reading = inBackground(() -> terraform.state(false));
        Surroundings surroundings = result(looking);
        ask(plan, surroundings.workspace().name());
        Optional<StateSnapshot> before = result(reading);
        if (!plan.isUnchanged()) {
            terminal.say("the plan file " + plan.file() + " was changed after it was shown; nothing was applied");
            throw new NothingAppliedException(NOT_STARTED);
        }
        StreamId stream = options.stream() == null
                ? StreamName.of(surroundings.workspace(), surroundings.repository(), directory)
                : options.stream();
        ApplyEvent event =
                new ApplyEvent(id, stream, invocation, surroundings, options, startedAt, () -> answered(asking));
        intent.applying(stream, event.unknown(plan, before));
        return new Prepared(stream, event, plan, before);
    }

    private TerraformApply.Planned planned(Intent intent)
            throws IOException, InterruptedException, NothingAppliedException {
        try {
            return terraform.plan(intent.scratch());
        } catch (java.nio.file.NoSuchFileException noPlan) {
            terminal.say("there is no plan file " + noPlan.getFile() + "; nothing was applied");
            throw new NothingAppliedException(NOT_STARTED);
        }
    }

    private void ask(Plan plan, String workspace) throws InterruptedException, NothingAppliedException {
        if (!terraform.mustAsk(plan)) {
            return;
        }
        Approval approval = terraform.approval(workspace);
        approval.ask(terminal.out());
        Terminal.Reply reply = terminal.answer(interrupts);
        if (reply instanceof Terminal.Line line) {
            terminal.out().print("\n");
            if (Approval.approves(line.text())) {
                terminal.out().flush();
                return;
            }
            terminal.out().print(approval.cancelled() + "\n");
            terminal.out().flush();
        } else if (reply instanceof Terminal.End) {
            Refusal.print(terminal.err(), terraform.style(), "error asking for approval: EOF");
        } else {
            Refusal.print(terminal.err(), terraform.style(), "error asking for approval: interrupted");
        }
        throw new NothingAppliedException(1);
    }

    private Ended finish(Intent intent, Prepared prepared, Applied applied) throws IOException, InterruptedException {
        Plan plan = prepared.plan();
        boolean unchanged = plan.isUnchanged();
        if (!unchanged) {
            terminal.say("the plan file " + plan.file()
                    + " was changed while terraform ran; the evidence says that no saved plan is known");
        }
        Optional<StateSnapshot> before = prepared.before();
        Optional<StateSnapshot> after = stateAfter();
        List<StateSnapshot> states =
                Stream.of(after, before).flatMap(Optional::stream).toList();
        ApplyEvent event = prepared.event();
        ResourceList resources = ResourceList.of(ResourceLines.of(applied.log(), event.keys(), states), spool);
        SpooledEvent queued = intent.finish(
                prepared.stream(), event.ended(unchanged ? plan : null, applied, resources, before, after));
        return new Ended(applied.exitCode(), Optional.of(new Recorded(queued, applied.outcome())));
    }

    private Optional<StateSnapshot> stateAfter() throws InterruptedException {
        try {
            return terraform.state(true);
        } catch (IOException unreadable) {
            terminal.say(
                    "the state after the apply could not be read (" + unreadable.getMessage() + "); it is left out");
            return Optional.empty();
        }
    }

    /** An apply never waits for the pipeline. */
    private static Optional<Json.Obj> answered(FutureTask<Optional<Json.Obj>> asking) {
        try {
            return asking.isDone() ? asking.get() : Optional.empty();
        } catch (ExecutionException unanswered) {
            return Optional.empty();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static <T> FutureTask<T> inBackground(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "look-around");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static <T> T result(FutureTask<T> task) throws IOException, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof IOException io) {
                throw io;
            }
            if (cause instanceof RuntimeException unexpected) {
                throw unexpected;
            }
            throw new IOException(String.valueOf(failed.getMessage()), failed);
        }
    }
}
