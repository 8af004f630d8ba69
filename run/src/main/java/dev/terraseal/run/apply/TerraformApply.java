package dev.terraseal.run.apply;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.run.screen.Approval;
import dev.terraseal.run.screen.Screen;
import dev.terraseal.run.screen.Style;
import dev.terraseal.run.terraform.ApplyLog;
import dev.terraseal.run.terraform.Arguments;
import dev.terraseal.run.terraform.Engine;
import dev.terraseal.run.terraform.Forwarding;
import dev.terraseal.run.terraform.Interrupts;
import dev.terraseal.run.terraform.Invocation;
import dev.terraseal.run.terraform.LogTail;
import dev.terraseal.run.terraform.StateReader;
import dev.terraseal.run.terraform.StateSnapshot;
import dev.terraseal.run.terraform.UiMessage;
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
        Forwarding forwarding = new Forwarding(interrupts, process, () -> false);
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

    Approval approval(String workspace) {
        Approval.Mode mode = invocation.isDestroy()
                ? Approval.Mode.DESTROY
                : invocation.arguments().flag("refresh-only", false) ? Approval.Mode.REFRESH : Approval.Mode.APPLY;
        return new Approval(invocation.isTofu() ? "OpenTofu" : "Terraform", mode, workspace, style());
    }

    Style style() {
        return new Style(!invocation.arguments().flag("no-color", false));
    }

    /** The state as it stands, or empty where there is none or it cannot be read. */
    Optional<StateSnapshot> state(boolean after) throws IOException, InterruptedException {
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

    /** Applies {@code plan} and shows it as it goes. */
    Applied apply(Plan plan, Path scratch) throws IOException, InterruptedException {
        Path raw = scratch.resolve("apply.log");
        List<String> words = new ArrayList<>(List.of("apply", "-json", "-input=false"));
        words.addAll(invocation.arguments().forSavedPlan(knowsEphemeralVariables()));
        words.add(plan.file().toString());
        Arguments arguments = invocation.arguments();
        Screen screen = new Screen(
                terminal.out(),
                terminal.err(),
                style(),
                arguments.flag("compact-warnings", false),
                arguments.flag("json", false),
                invocation.subcommand().equals("destroy"),
                Terminal::columns);
        ApplyLog log = new ApplyLog();
        boolean before = interrupts.any();
        Process process = engine.logged(words, raw);
        Forwarding forwarding = new Forwarding(interrupts, process, log::wasInterrupted);
        try (LogTail tail = LogTail.of(raw)) {
            tail.follow(process, line -> show(line, log, screen));
            screen.end();
            int exit = process.waitFor();
            Applied applied = new Applied(exit, log, tail.digest(), now(), interrupts.any() && !before);
            showOutputs(screen, exit);
            return applied;
        } finally {
            forwarding.close();
        }
    }

    private static void show(Bytes line, ApplyLog log, Screen screen) throws IOException {
        Optional<UiMessage> message = UiMessage.parse(line);
        message.ifPresentOrElse(log::add, log::other);
        if (message.isEmpty() || screen.isRaw()) {
            screen.line(line);
        } else {
            screen.message(message.get());
        }
    }

    private void showOutputs(Screen screen, int exit) throws IOException, InterruptedException {
        if (exit != 0 || !screen.hasOutputs()) {
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
        engine.interactive(words, Map.of()).waitFor();
    }

    /** Terraform from 1.10 and OpenTofu from 1.8 take variables again beside a saved plan; older ones refuse them. */
    private boolean knowsEphemeralVariables() throws IOException, InterruptedException {
        Arguments arguments = invocation.arguments();
        if (!invocation.planFile().isEmpty()) {
            // Beside a plan the user brought, variables are the user's word to terraform.
            return true;
        }
        if (!arguments.has("var") && !arguments.has("var-file")) {
            return false;
        }
        Optional<String> version = engine.answer(List.of("version", "-json"), EngineVersion::read);
        return version.isEmpty() || EngineVersion.atLeast(version.get(), 1, invocation.isTofu() ? 8 : 10);
    }

    Timestamp now() {
        return new Timestamp(clock.millis());
    }
}
