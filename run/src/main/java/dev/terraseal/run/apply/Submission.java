package dev.terraseal.run.apply;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.run.origin.Pipeline;
import dev.terraseal.run.spool.Delivery;
import dev.terraseal.run.spool.Spool;
import dev.terraseal.run.spool.SpooledEvent;
import dev.terraseal.run.terraform.Interrupts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gets the event of an ended apply to the pipeline and says what came of it. Never fails the apply. */
public final class Submission {
    /** Exit code where a receipt was required and did not come although terraform succeeded. */
    public static final int NO_RECEIPT = 124;

    private final Spool spool;
    private final Delivery delivery;
    private final Terminal terminal;
    private final Interrupts interrupts;
    private final RunOptions options;
    private final Map<String, String> environment;

    /** @param interrupts whose signals end the sending: terraform has ended, so nothing else is asked to */
    public Submission(
            Spool spool,
            Delivery delivery,
            Terminal terminal,
            Interrupts interrupts,
            RunOptions options,
            Map<String, String> environment) {
        this.spool = spool;
        this.delivery = delivery;
        this.terminal = terminal;
        this.interrupts = interrupts;
        this.options = options;
        this.environment = environment;
    }

    /** The exit code of the whole run. */
    public int submit(int terraformExit, ApplySession.Recorded recorded) {
        Delivery.Sent sent = deliver(recorded.event());
        report(sent, recorded.outcome());
        boolean satisfied = sent.status() == Delivery.Status.RECORDED;
        int exit = terraformExit == 0 && options.requireReceipt() && !satisfied ? NO_RECEIPT : terraformExit;
        if (exit == NO_RECEIPT && terraformExit == 0) {
            String missing = sent.status() == Delivery.Status.UNPROVEN
                    ? "the receipt is not all that was asked for"
                    : "there is no receipt";
            terminal.say("terraform succeeded, but --require-receipt was given and " + missing + ": exit 124");
        }
        if (options.json()) {
            // Terraform's last line may have no end: it closes with a colour code.
            terminal.out().print("\n" + json(sent, recorded.outcome(), terraformExit, exit) + "\n");
            terminal.out().flush();
        }
        return exit;
    }

    private Delivery.Sent deliver(SpooledEvent event) {
        interrupts.listen(name -> delivery.stop());
        try {
            return ours(event, delivery.with(event, options.until()));
        } catch (IOException failure) {
            return waits(event, String.valueOf(failure.getMessage()));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return waits(event, "the program is ending");
        } finally {
            interrupts.listen(name -> {});
        }
    }

    private static Delivery.Sent waits(SpooledEvent event, String reason) {
        return new Delivery.Sent(event, Delivery.Status.WAITING, null, reason, null);
    }

    private Delivery.Sent ours(SpooledEvent event, List<Delivery.Sent> all) {
        Delivery.Sent ours = waits(event, "another process took it to be sent");
        for (Delivery.Sent sent : all) {
            if (sent.event().id().equals(event.id())) {
                ours = sent;
            } else if (sent.status() == Delivery.Status.REFUSED || sent.status() == Delivery.Status.DISAGREES) {
                terminal.say("another event, " + sent.event().id() + ": " + sent.reason() + "; kept in " + sent.kept());
            } else if (sent.status() != Delivery.Status.WAITING) {
                terminal.say("another event, " + sent.event().id() + ", is with the pipeline now");
            }
        }
        return ours;
    }

    private void report(Delivery.Sent sent, String outcome) {
        switch (sent.status()) {
            case RECORDED, UNPROVEN -> recorded(sent, outcome);
            case ACCEPTED ->
                terminal.say(
                        "the evidence is with the pipeline (id " + sent.event().id() + ", stream "
                                + sent.event().stream() + ")" + (sent.reason().isEmpty() ? "" : ": " + sent.reason()));
            case WAITING -> waiting(sent, outcome);
            case REFUSED -> {
                terminal.say("WARNING: the pipeline refused the evidence: " + sent.reason());
                terminal.say("it is kept in " + sent.kept() + " and will not be sent again by itself");
            }
            case DISAGREES -> {
                terminal.say("WARNING: the receipt is not one for what was sent: " + sent.reason());
                terminal.say(
                        "both are kept as evidence in " + sent.kept() + " and beside it; tell whoever runs the log");
            }
        }
    }

    private void recorded(Delivery.Sent sent, String outcome) {
        Receipt receipt = java.util.Objects.requireNonNull(sent.receipt());
        terminal.say("recorded as entry " + receipt.statement().sequence() + " of "
                + receipt.log().origin() + ", stream " + sent.event().stream() + ", entry hash "
                + receipt.statement().entryHash()
                + (sent.reason().isEmpty() ? "" : "; " + sent.reason()));
        if (!delivery.isPinned()) {
            terminal.say(
                    "its receipt is checked with the keys it brings itself; to say which log it has to be of: --genesis "
                            + receipt.log().genesis());
        }
        summarise(Summary.of(receipt, outcome, sent.reason(), delivery.isPinned()));
    }

    private void waiting(Delivery.Sent sent, String outcome) {
        terminal.say("WARNING: the evidence of this apply is not in the pipeline: " + sent.reason());
        terminal.say("it is on this machine's disk, " + sent.event().file()
                + ", and goes out with the next `terraseal run` or `terraseal spool flush`");
        String provider = Pipeline.of(environment).provider();
        boolean ci = !provider.equals(Pipeline.NONE)
                || !environment.getOrDefault("CI", "").isEmpty();
        List<String> lines = Artifact.lines(provider, ci, spool.directory());
        if (!lines.isEmpty()) {
            terminal.say("this runner may be thrown away; these two lines keep the spool as a build artifact:");
            lines.forEach(line -> terminal.say("    " + line));
        }
        if (provider.equals("github")) {
            terminal.out().print("::warning title=Terraseal::the evidence of this apply is not in the pipeline\n");
            terminal.out().flush();
        }
        summarise(Summary.waiting(outcome, sent.reason(), spool.directory()));
    }

    private void summarise(String markdown) {
        try {
            Summary.write(markdown, environment);
        } catch (IOException unwritable) {
            terminal.say("the job summary could not be written: " + unwritable.getMessage());
        }
    }

    private static String json(Delivery.Sent sent, String outcome, int terraformExit, int exit) {
        Optional<Receipt> receipt = Optional.ofNullable(sent.receipt());
        return Json.obj()
                .putIfPresent(
                        "entryHash",
                        receipt.map(r -> r.statement().entryHash().hex()).orElse(null))
                .put("exitCode", exit)
                .put("id", sent.event().id().value())
                .put("outcome", outcome)
                .putIfPresent("reason", sent.reason().isEmpty() ? null : sent.reason())
                .putIfPresent(
                        "sequence",
                        receipt.map(r -> r.statement().sequence().value()).orElse(null))
                .put("status", sent.status().name().toLowerCase(java.util.Locale.ROOT))
                .put("stream", sent.event().stream().value())
                .put("terraformExitCode", terraformExit)
                .build()
                .bytes()
                .utf8();
    }
}
