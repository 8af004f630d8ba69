package dev.terraseal.run.apply;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.run.origin.Pipeline;
import dev.terraseal.run.spool.Delivery;
import dev.terraseal.run.spool.Intent;
import dev.terraseal.run.spool.Spool;
import dev.terraseal.run.spool.SpooledEvent;
import dev.terraseal.run.terraform.Interrupts;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
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
        SpooledEvent event = recorded.event();
        Delivery.Sent sent = send(event, () -> ours(event, delivery.with(event, options.until())));
        report(sent, recorded.outcome());
        return conclude(terraformExit, sent, recorded.outcome());
    }

    /** The same for an event that the queue did not take: it is sent from memory. */
    public int submitUnqueued(Ended.NotQueued lost) {
        boolean finished = lost.intent().phase() == Intent.Phase.FINISHED;
        String phase = lost.intent().phase().name().toLowerCase(Locale.ROOT);
        terminal.say("WARNING: the evidence of this apply could not be queued: " + lost.why());
        ApplySession.Recorded recorded = lost.recorded();
        Delivery.Sent sent = send(recorded.event(), () -> delivery.direct(recorded.event(), options.until()));
        if (sent.status() == Delivery.Status.WAITING) {
            terminal.say("it could not be sent from memory either: " + sent.reason());
            terminal.say("what is on this machine's disk, " + recorded.event().file() + " (phase " + phase + "), says "
                    + (finished ? "what happened" : "that the outcome is unknown")
                    + ", and goes out with the next `terraseal run` or `terraseal spool flush`");
            leftBehind(sent, recorded.outcome());
        } else {
            report(sent, recorded.outcome());
        }
        settle(lost.intent(), sent.status());
        return conclude(lost.exitCode(), sent, recorded.outcome());
    }

    private void settle(Intent intent, Delivery.Status status) {
        try {
            if (status == Delivery.Status.WAITING) {
                intent.removeScratch();
                intent.close();
            } else {
                intent.discard();
            }
        } catch (IOException failure) {
            terminal.say("the intent of this run is still in " + intent.file() + " (" + Terminal.why(failure) + ")");
        }
    }

    private int conclude(int terraformExit, Delivery.Sent sent, String outcome) {
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
            terminal.out().print("\n" + json(sent, outcome, terraformExit, exit) + "\n");
            terminal.out().flush();
        }
        return exit;
    }

    private interface Sending {
        Delivery.Sent send() throws IOException, InterruptedException;
    }

    private Delivery.Sent send(SpooledEvent event, Sending sending) {
        interrupts.listen(name -> delivery.stop());
        try {
            return sending.send();
        } catch (IOException | RuntimeException failure) {
            return waits(event, Terminal.why(failure));
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
        leftBehind(sent, outcome);
    }

    /** What a CI system shows and keeps of an event that is not with the pipeline. */
    private void leftBehind(Delivery.Sent sent, String outcome) {
        String provider = Pipeline.of(environment).provider();
        boolean ci = !provider.equals(Pipeline.NONE)
                || !environment.getOrDefault("CI", "").isEmpty();
        List<String> lines = Artifact.lines(provider, ci, spool.directory());
        if (!lines.isEmpty()) {
            terminal.say("this runner may be thrown away; these two lines keep the spool as a build artifact:");
            lines.forEach(line -> terminal.say("    " + line));
        }
        if (provider.equals("github")) {
            // GitHub reads both streams; a program that reads terraform's -json reads only the other.
            terminal.err().print("::warning title=Terraseal::the evidence of this apply is not in the pipeline\n");
            terminal.err().flush();
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
                .put("status", sent.status().name().toLowerCase(Locale.ROOT))
                .put("stream", sent.event().stream().value())
                .put("terraformExitCode", terraformExit)
                .build()
                .bytes()
                .utf8();
    }
}
