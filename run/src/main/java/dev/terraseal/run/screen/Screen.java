package dev.terraseal.run.screen;

import com.fasterxml.jackson.databind.JsonNode;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.run.terraform.UiMessage;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Shows the stream of an apply as terraform itself would have shown that apply: the same lines in the same order, with
 * diagnostics written out. Outputs are not shown here; terraform prints them itself afterwards.
 */
public final class Screen {
    private final PrintStream out;
    private final PrintStream err;
    private final Style style;
    private final boolean compactWarnings;
    private final boolean raw;
    private final boolean destroyCommand;
    private final IntSupplier width;
    private final List<JsonNode> heldWarnings = new ArrayList<>();
    private boolean hasOutputs;

    /**
     * @param raw the user asked for {@code -json}: lines pass as they are
     * @param destroyCommand the user wrote {@code destroy}, which ends in other words than {@code apply -destroy}
     * @param width columns of the terminal, asked for only when a diagnostic is wrapped
     */
    public Screen(
            PrintStream out,
            PrintStream err,
            Style style,
            boolean compactWarnings,
            boolean raw,
            boolean destroyCommand,
            IntSupplier width) {
        this.out = out;
        this.err = err;
        this.style = style;
        this.compactWarnings = compactWarnings;
        this.raw = raw;
        this.destroyCommand = destroyCommand;
        this.width = width;
    }

    /** Whether the apply ended with outputs to show. */
    public boolean hasOutputs() {
        return hasOutputs && !raw;
    }

    /** A line that is not JSON, or every line where the user asked for JSON. */
    public void line(Bytes line) throws IOException {
        line.writeTo(out);
        out.write('\n');
        out.flush();
    }

    public boolean isRaw() {
        return raw;
    }

    public void message(UiMessage message) {
        switch (message.type()) {
            case "version",
                    "planned_change",
                    "resource_drift",
                    "apply_errored",
                    "provision_complete",
                    "provision_errored" -> {
                // Terraform shows these to programs only.
            }
            case "outputs" -> hasOutputs = !message.json().path("outputs").isEmpty();
            case "diagnostic" -> diagnostic(message.json().path("diagnostic"));
            case "change_summary" -> summary(message);
            case "provision_progress" -> provisioner(message);
            case "apply_start", "provision_start", "refresh_start" ->
                print(style.progress(message.text(), true) + "\n");
            case "apply_progress" -> print(style.progress(message.text(), true) + "\n");
            case "apply_complete", "refresh_complete" -> print(style.progress(message.text(), false) + "\n");
            default -> {
                print(message.text() + "\n");
                emergencyState(message.json());
            }
        }
    }

    /** Shows what waits for the end of the stream. */
    public void end() {
        showHeldWarnings();
    }

    private void summary(UiMessage message) {
        if (message.json().path("changes").path("operation").asText().equals("plan")) {
            return;
        }
        showHeldWarnings();
        long removed = message.json().path("changes").path("remove").asLong();
        print(style.success(
                destroyCommand ? "Destroy complete! Resources: " + removed + " destroyed." : message.text()));
    }

    /** The heading of the outputs, which terraform prints itself right after it. */
    public void outputsFollow() {
        print(style.reset() + style.bold() + style.code("32") + "\nOutputs:\n\n" + style.reset());
    }

    private void provisioner(UiMessage message) {
        JsonNode hook = message.json().path("hook");
        String head = hook.path("resource").path("addr").asText() + " ("
                + hook.path("provisioner").asText() + "):";
        for (String line : hook.path("output").asText().split("\n", -1)) {
            String labelled = style.reset() + style.bold() + head + style.reset() + " " + style.reset() + line;
            print((line.isEmpty() ? "" : labelled) + "\n");
        }
    }

    private void diagnostic(JsonNode diagnostic) {
        boolean warning = diagnostic.path("severity").asText().equals("warning");
        if (warning && compactWarnings) {
            heldWarnings.add(diagnostic);
            return;
        }
        String text = new DiagnosticText(style, width.getAsInt()).of(diagnostic);
        if (warning) {
            print(text);
        } else {
            out.flush();
            err.print(text);
            err.flush();
        }
    }

    private void showHeldWarnings() {
        if (heldWarnings.isEmpty()) {
            return;
        }
        StringBuilder text =
                new StringBuilder("\n" + style.bold() + style.code("33") + "Warnings:" + style.reset() + "\n\n");
        for (JsonNode warning : heldWarnings) {
            text.append("- ").append(warning.path("summary").asText()).append('\n');
            if (warning.path("range").isObject()) {
                text.append("  on ")
                        .append(warning.path("range").path("filename").asText());
                text.append(" line ")
                        .append(warning.path("range").path("start").path("line").asInt())
                        .append('\n');
            }
        }
        heldWarnings.clear();
        print(text.append("\nTo see the full warning notes, run Terraform without -compact-warnings.\n")
                .toString());
    }

    /** When terraform can save its state nowhere, this line is the only copy: the user gets it, the evidence does not. */
    private void emergencyState(JsonNode json) {
        JsonNode state = json.path("state");
        if (!state.isMissingNode()) {
            print((state.isTextual() ? state.asText() : state.toPrettyString()) + "\n");
        }
    }

    private void print(String text) {
        out.print(text);
        out.flush();
    }
}
