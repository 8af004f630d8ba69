package dev.terraseal.run.apply;

import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.run.screen.Approval;
import dev.terraseal.run.screen.Screen;
import dev.terraseal.run.screen.Style;
import dev.terraseal.run.terraform.Arguments;
import dev.terraseal.run.terraform.Engine;
import dev.terraseal.run.terraform.Forwarding;
import dev.terraseal.run.terraform.Interrupts;
import dev.terraseal.run.terraform.Invocation;
import dev.terraseal.run.terraform.StateReader;
import dev.terraseal.run.terraform.StateSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The steps in which terraform runs: plan, state, apply, outputs. Each looks to the user as it would without us. */
final class TerraformApply {
    private final Invocation invocation;
    private final Engine engine;
    private final Path directory;
    private final Terminal terminal;
    private final Interrupts interrupts;
    private final InstantSource clock;

    TerraformApply(
            Invocation invocation,
            Engine engine,
            Path directory,
            Terminal terminal,
            Interrupts interrupts,
            InstantSource clock) {
        this.invocation = invocation;
        this.engine = engine;
        this.directory = directory;
        this.terminal = terminal;
        this.interrupts = interrupts;
        this.clock = clock;
    }

    /** Terraform's exit code, and the plan where there is one. */
    record Planned(int exitCode, @Nullable Plan plan) {}

    /** Plans into {@code scratch}, or copies the plan the user brought there: what is applied is under nobody else's hand. */
    Planned plan(Path scratch) throws IOException, InterruptedException {
        Path file = scratch.resolve("tfplan");
        if (!invocation.planFile().isEmpty()) {
            Files.copy(directory.resolve(invocation.planFile()), file);
            return new Planned(0, Plan.seal(file, true));
        }
        List<String> words = new ArrayList<>(List.of("plan", "-detailed-exitcode", "-out=" + file));
        if (invocation.subcommand().equals("destroy")) {
            words.add("-destroy");
        }
        words.addAll(invocation.arguments().forPlan());
        // Terraform then leaves out what to type next, and nothing else.
        Process process = engine.interactive(words, Map.of("TF_IN_AUTOMATION", "1"));
        int exit;
        Forwarding forwarding = Forwarding.unheard(interrupts, process);
        try {
            exit = process.waitFor();
        } finally {
            forwarding.close();
        }
        boolean made = (exit == 0 || exit == 2) && Files.exists(file);
        return made ? new Planned(0, Plan.seal(file, exit == 2)) : new Planned(exit == 0 || exit == 2 ? 1 : exit, null);
    }

    boolean mustAsk(Plan plan) {
        boolean brought = !invocation.planFile().isEmpty();
        return plan.changes() && !brought && !invocation.arguments().flag("auto-approve", false);
    }

    Approval approval(String workspace, Optional<EngineVersion> version) {
        Approval.Mode mode = invocation.isDestroy()
                ? Approval.Mode.DESTROY
                : invocation.arguments().flag("refresh-only", false) ? Approval.Mode.REFRESH : Approval.Mode.APPLY;
        String named = invocation.isNamedTofu() ? "OpenTofu" : "Terraform";
        return new Approval(version.map(EngineVersion::title).orElse(named), mode, workspace, style());
    }

    Style style() {
        return new Style(!invocation.arguments().flag("no-color", false));
    }

    /**
     * The state as it stands, or empty where there is none.
     *
     * @throws IOException where it cannot be read
     */
    private Optional<StateSnapshot> state(boolean after) throws IOException, InterruptedException {
        Arguments arguments = invocation.arguments();
        String file = after && arguments.has("state-out") ? arguments.value("state-out") : arguments.value("state");
        if (!file.isEmpty()) {
            Path path = directory.resolve(file);
            if (!Files.isRegularFile(path)) {
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(path)) {
                return StateReader.read(in);
            }
        }
        return engine.answer(List.of("state", "pull"), StateReader::read);
    }

    /** Without a state there is less evidence; without the apply, none. */
    Optional<StateSnapshot> stateOrNone(boolean after) throws InterruptedException {
        try {
            return state(after);
        } catch (IOException | RuntimeException unreadable) {
            terminal.say("the state " + (after ? "after" : "before") + " the apply could not be read ("
                    + Terminal.why(unreadable) + "); it is left out");
            return Optional.empty();
        }
    }

    /** What the engine says that it is; empty where it does not. */
    Optional<EngineVersion> version() throws InterruptedException {
        try {
            return engine.answer(List.of("version"), EngineVersion::read);
        } catch (IOException silent) {
            return Optional.empty();
        }
    }

    /**
     * Starts to apply {@code plan}.
     *
     * @throws IOException if terraform could not be started: nothing was applied
     */
    RunningApply begin(Plan plan, Path scratch, Optional<EngineVersion> version)
            throws IOException, NothingAppliedException {
        List<String> words = new ArrayList<>(List.of("apply", "-json", "-input=false"));
        Arguments arguments = invocation.arguments();
        words.addAll(
                invocation.planFile().isEmpty()
                        ? arguments.forSavedPlan(
                                version.isEmpty() || version.get().takesVariablesBesideAPlan())
                        : arguments.besideBroughtPlan());
        words.add(plan.file().toString());
        Path raw = scratch.resolve("apply.log");
        Screen screen = screen();
        stopIfInterrupted();
        return new RunningApply(engine.logged(words, raw), raw, screen, interrupts, this::now);
    }

    /** Terraform never sees a signal that comes between two of its starts; whoever sent it meant all of them. */
    void stopIfInterrupted() throws NothingAppliedException {
        if (interrupts.any()) {
            terminal.say("interrupted; nothing was applied");
            throw new NothingAppliedException(1);
        }
    }

    private Screen screen() {
        Arguments arguments = invocation.arguments();
        return new Screen(
                terminal.out(),
                terminal.err(),
                style(),
                arguments.flag("compact-warnings", false),
                arguments.flag("json", false),
                invocation.subcommand().equals("destroy"),
                Terminal::columns);
    }

    /** The outputs after an apply that ended well, shown by terraform itself. */
    void showOutputs(Screen screen, int exitCode) throws InterruptedException {
        if (exitCode != 0 || !screen.hasOutputs()) {
            return;
        }
        screen.outputsFollow();
        List<String> words = new ArrayList<>(List.of("output"));
        Arguments arguments = invocation.arguments();
        if (arguments.flag("no-color", false)) {
            words.add("-no-color");
        }
        String state = arguments.has("state-out") ? arguments.value("state-out") : arguments.value("state");
        if (!state.isEmpty()) {
            words.add("-state=" + state);
        }
        try {
            engine.interactive(words, Map.of()).waitFor();
        } catch (IOException unstartable) {
            terminal.say("the outputs could not be shown: " + unstartable.getMessage());
        }
    }

    /** The hint that terraform adds where it could not read its options, and leaves out with {@code -json}. */
    void hintAtHelp(Optional<EngineVersion> version) {
        if (!invocation.arguments().flag("json", false)) {
            terminal.err()
                    .print("\nFor more help on using this command, run:\n  "
                            + version.map(EngineVersion::name).orElse("terraform") + " apply -help\n");
            terminal.err().flush();
        }
    }

    Timestamp now() {
        return new Timestamp(clock.millis());
    }
}
