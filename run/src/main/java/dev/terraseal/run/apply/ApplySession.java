package dev.terraseal.run.apply;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.canonical.Json;
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
import java.util.stream.Stream;

/**
 * One attested apply. The order of writes is the promise:
 *
 * <ol>
 *   <li>intent {@code planning} on disk, then terraform plans;
 *   <li>the plan is sealed, the question asked, then the state read;
 *   <li>intent {@code applying} with the event that says {@code unknown} on disk, then terraform applies. Killed from
 *       here on, that event is what the log will hold;
 *   <li>intent {@code finished} with the event that says what happened, then the queue, then the network.
 * </ol>
 */
public final class ApplySession {
    /** Exit code where terraform's own says nothing: we stopped before anything was applied. */
    public static final int NOT_STARTED = 125;

    private final Spool spool;
    private final Terminal terminal;
    private final TerraformApply terraform;
    private final Preparation preparation;

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
        this.spool = spool;
        this.terminal = terminal;
        Path directory = invocation.directory(current);
        Engine engine = new Engine(invocation, current, environment);
        this.terraform = new TerraformApply(invocation, engine, directory, terminal, interrupts, clock);
        this.preparation = new Preparation(
                invocation, options, terraform, terminal, interrupts, directory, environment, newestHead);
    }

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
        Intent intent = spool.begin(id);
        Preparation.Prepared prepared;
        RunningApply running;
        try {
            prepared = preparation.prepare(id, intent);
            running = terraform.begin(prepared.plan(), intent.scratch(), prepared.version());
        } catch (NothingAppliedException nothing) {
            discard(intent);
            return new Ended.NothingApplied(nothing.exitCode());
        } catch (IOException | RuntimeException failure) {
            discard(intent);
            terminal.say(Terminal.why(failure) + "; nothing was applied");
            return new Ended.NothingApplied(NOT_STARTED);
        }
        // From here on terraform's exit code is ours, whatever becomes of the evidence.
        return follow(intent, prepared, running);
    }

    private Ended follow(Intent intent, Preparation.Prepared prepared, RunningApply running)
            throws InterruptedException {
        Applied applied;
        try {
            applied = running.toItsEnd();
        } catch (UnseenApplyException unseen) {
            terminal.say("WARNING: " + unseen.getMessage() + " (" + Terminal.why(unseen.getCause())
                    + "); terraform went on to its end, and its outcome is recorded as unknown");
            return queue(intent, prepared, unseen.exitCode(), "unknown", prepared.unknown());
        }
        if (applied.exitCode() != 0 && applied.log().refusedOptions()) {
            terraform.hintAtHelp(prepared.version());
            discard(intent);
            return new Ended.NothingApplied(applied.exitCode());
        }
        terraform.showOutputs(running.screen(), applied.exitCode());
        Bytes event = prepared.unknown();
        String outcome = "unknown";
        try {
            event = ended(prepared, applied);
            outcome = applied.outcome();
        } catch (IOException | RuntimeException failure) {
            terminal.say("WARNING: the evidence of this apply could not be completed (" + Terminal.why(failure)
                    + "); its outcome is recorded as unknown");
        }
        return queue(intent, prepared, applied.exitCode(), outcome, event);
    }

    private Bytes ended(Preparation.Prepared prepared, Applied applied) throws IOException, InterruptedException {
        Plan plan = prepared.plan();
        boolean unchanged = plan.isUnchanged();
        if (!unchanged) {
            terminal.say("the plan file " + plan.file()
                    + " was changed while terraform ran; the evidence says that no saved plan is known");
        }
        Optional<StateSnapshot> before = prepared.before();
        Optional<StateSnapshot> after = terraform.stateOrNone(true);
        List<StateSnapshot> states =
                Stream.of(after, before).flatMap(Optional::stream).toList();
        ApplyEvent event = prepared.event();
        List<Json> lines = ResourceLines.of(applied.log(), applied.isComplete(), event.keys(), states);
        return event.ended(unchanged ? plan : null, applied, ResourceList.of(lines, spool), before, after);
    }

    private Ended queue(Intent intent, Preparation.Prepared prepared, int exitCode, String outcome, Bytes event)
            throws InterruptedException {
        SpooledEvent queued;
        try {
            queued = intent.finish(prepared.stream(), event);
        } catch (IOException | RuntimeException failure) {
            SpooledEvent held = new SpooledEvent(intent.file(), prepared.stream(), prepared.id(), event);
            return new Ended.NotQueued(exitCode, intent, new Recorded(held, outcome), Terminal.why(failure));
        }
        discard(intent);
        return new Ended.Queued(exitCode, new Recorded(queued, outcome));
    }

    /** What is left of an intent is settled by the next run; it is no reason to end with another code. */
    private void discard(Intent intent) {
        try {
            intent.discard();
        } catch (IOException failure) {
            terminal.say("the intent of this run is still in " + intent.file() + " (" + Terminal.why(failure) + ")");
        }
    }
}
