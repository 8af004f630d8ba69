package dev.terraseal.run.apply;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.run.origin.StreamName;
import dev.terraseal.run.screen.Approval;
import dev.terraseal.run.screen.Refusal;
import dev.terraseal.run.spool.Intent;
import dev.terraseal.run.terraform.Interrupts;
import dev.terraseal.run.terraform.Invocation;
import dev.terraseal.run.terraform.StateSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Everything before terraform is asked to apply: whatever ends here leaves nothing behind and nothing applied. */
final class Preparation {
    private final Invocation invocation;
    private final RunOptions options;
    private final TerraformApply terraform;
    private final Terminal terminal;
    private final Interrupts interrupts;
    private final Path directory;
    private final Map<String, String> environment;
    private final Callable<Optional<Json.Obj>> newestHead;

    Preparation(
            Invocation invocation,
            RunOptions options,
            TerraformApply terraform,
            Terminal terminal,
            Interrupts interrupts,
            Path directory,
            Map<String, String> environment,
            Callable<Optional<Json.Obj>> newestHead) {
        this.invocation = invocation;
        this.options = options;
        this.terraform = terraform;
        this.terminal = terminal;
        this.interrupts = interrupts;
        this.directory = directory;
        this.environment = environment;
        this.newestHead = newestHead;
    }

    /** An apply about to begin, its intent on disk. */
    record Prepared(
            EventId id,
            StreamId stream,
            ApplyEvent event,
            Bytes unknown,
            Plan plan,
            Optional<EngineVersion> version,
            Optional<StateSnapshot> before) {}

    Prepared prepare(EventId id, Intent intent) throws IOException, InterruptedException, NothingAppliedException {
        Timestamp startedAt = terraform.now();
        FutureTask<Optional<Json.Obj>> asking = inBackground(newestHead);
        FutureTask<Surroundings> looking = inBackground(() -> Surroundings.of(directory, environment));
        FutureTask<Optional<EngineVersion>> naming = inBackground(terraform::version);
        terraform.stopIfInterrupted();
        TerraformApply.Planned planned = planned(intent);
        Plan plan = planned.plan();
        if (plan == null) {
            throw new NothingAppliedException(planned.exitCode());
        }
        terraform.stopIfInterrupted();
        Surroundings surroundings = result(looking);
        Optional<EngineVersion> version = result(naming);
        ask(plan, terraform.approval(surroundings.workspace().name(), version));
        // Only now: the question may stand for hours, and nobody holds the state's lock meanwhile.
        Optional<StateSnapshot> before = terraform.stateOrNone(false);
        if (!plan.isUnchanged()) {
            terminal.say("the plan file " + plan.file() + " was changed after it was shown; nothing was applied");
            throw new NothingAppliedException(ApplySession.NOT_STARTED);
        }
        StreamId stream = options.stream() == null
                ? StreamName.of(surroundings.workspace(), surroundings.repository(), directory)
                : options.stream();
        ApplyEvent event = new ApplyEvent(
                id, stream, invocation, surroundings, options, startedAt, version, () -> answered(asking));
        Bytes unknown = event.unknown(plan, before);
        terraform.stopIfInterrupted();
        intent.applying(stream, unknown);
        return new Prepared(id, stream, event, unknown, plan, version, before);
    }

    private TerraformApply.Planned planned(Intent intent)
            throws IOException, InterruptedException, NothingAppliedException {
        try {
            return terraform.plan(intent.scratch());
        } catch (java.nio.file.NoSuchFileException noPlan) {
            terminal.say("there is no plan file " + noPlan.getFile() + "; nothing was applied");
            throw new NothingAppliedException(ApplySession.NOT_STARTED);
        }
    }

    private void ask(Plan plan, Approval approval) throws InterruptedException, NothingAppliedException {
        if (!terraform.mustAsk(plan)) {
            return;
        }
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
