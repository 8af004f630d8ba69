package dev.terraseal.run.command;

import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.run.apply.ApplySession;
import dev.terraseal.run.apply.Ended;
import dev.terraseal.run.apply.RunOptions;
import dev.terraseal.run.apply.Submission;
import dev.terraseal.run.apply.Terminal;
import dev.terraseal.run.client.HttpLogClient;
import dev.terraseal.run.client.ReceiptJudge;
import dev.terraseal.run.client.SeenHead;
import dev.terraseal.run.client.Wait;
import dev.terraseal.run.spool.Delivery;
import dev.terraseal.run.spool.Spool;
import dev.terraseal.run.terraform.Engine;
import dev.terraseal.run.terraform.Forwarding;
import dev.terraseal.run.terraform.Interrupts;
import dev.terraseal.run.terraform.Invocation;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code terraseal run}: an apply that leaves evidence. Exit codes: FORMATS section 9. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs terraform apply (or tofu apply) and records what it did.",
        exitCodeOnInvalidInput = ApplySession.NOT_STARTED,
        exitCodeOnExecutionException = ApplySession.NOT_STARTED,
        footer = {
            "",
            "Examples:",
            "  terraseal run -- terraform apply",
            "  terraseal run --ticket OPS-42 --require-receipt -- terraform -chdir=prod apply -auto-approve",
            "",
            "Exits with terraform's own code once terraform has started; 125: failed before that;",
            "124: terraform succeeded and a required receipt did not come.",
            "Other terraform commands are passed through and not recorded."
        })
public final class RunCommand implements Callable<Integer> {
    @Option(
            names = "--stream",
            paramLabel = "NAME",
            description = "whose history this belongs to (default: from backend, repository and workspace)")
    private @Nullable String stream;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "idempotency key, unique within the stream (default: made for this run)")
    private @Nullable String id;

    @Option(names = "--ticket", paramLabel = "TEXT", description = "the change this belongs to")
    private @Nullable String ticket;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why")
    private @Nullable String reason;

    @Option(names = "--requested-by", paramLabel = "WHO", description = "who asked for it")
    private @Nullable String requestedBy;

    @Mixin
    private ServerOption server = new ServerOption();

    @Option(
            names = "--spool",
            paramLabel = "DIR",
            description =
                    "where evidence waits for the pipeline (default: TERRASEAL_SPOOL, else $XDG_STATE_HOME/terraseal/spool)")
    private @Nullable Path spool;

    @Option(names = "--require-receipt", description = "exit 124 where terraform succeeded and no receipt came")
    private boolean requireReceipt;

    @Option(
            names = "--wait",
            paramLabel = "UNTIL",
            defaultValue = "signed",
            description = "accepted, signed or checkpoint (default: ${DEFAULT-VALUE})")
    private Wait until = Wait.SIGNED;

    @Option(names = "--instance-keys", description = "record for_each keys; they are left out otherwise")
    private boolean instanceKeys;

    @Option(names = "--json", description = "one line of JSON at the end on standard output")
    private boolean json;

    @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "terraform and its arguments, after --")
    private List<String> command = List.of();

    private final Caller caller;

    public RunCommand(Caller caller) {
        this.caller = caller;
    }

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = caller.terminal();
        CallerLocale locale = CallerLocale.of(caller.environment());
        try {
            locale.requireCarried(texts());
            Invocation invocation = Invocation.parse(command, caller.environment());
            return invocation.isApply() && !invocation.isRefusedByTerraform()
                    ? apply(invocation)
                    : passThrough(invocation);
        } catch (InvalidPathException unnamed) {
            String path = unnamed.getInput();
            terminal.say((locale.carries(path) ? unnamed.getMessage() : locale.cannotCarry("the path " + path))
                    + "; terraform was not started");
            return ApplySession.NOT_STARTED;
        } catch (IOException | IllegalArgumentException failure) {
            terminal.say(failure.getMessage() + "; terraform was not started");
            return ApplySession.NOT_STARTED;
        }
    }

    /** What terraform is given as words, and what the log is given of the caller's own; by the name of each. */
    private Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = 0; i < command.size(); i++) {
            texts.put("word " + (i + 1) + " of the command", command.get(i));
        }
        caller.environment().forEach((name, value) -> {
            if (name.startsWith("TF_CLI_ARGS")) {
                texts.put(name, value);
            }
        });
        texts.put("--ticket", Objects.requireNonNullElse(ticket, ""));
        texts.put("--reason", Objects.requireNonNullElse(reason, ""));
        texts.put("--requested-by", Objects.requireNonNullElse(requestedBy, ""));
        texts.put("--stream", Objects.requireNonNullElse(stream, ""));
        texts.put("--id", Objects.requireNonNullElse(id, ""));
        return texts;
    }

    private int passThrough(Invocation invocation) throws IOException, InterruptedException {
        if (invocation.changesStateUnrecorded()) {
            caller.terminal()
                    .say("`" + invocation.binaryName() + " " + invocation.subcommand()
                            + "` can change state or infrastructure and is not recorded; only apply and destroy are");
        }
        if (invocation.isRefusedByTerraform()) {
            caller.terminal()
                    .say("passed on as it stands, for terraform to refuse: apply takes one plan file as its last word,"
                            + " and destroy takes none; nothing is recorded");
        }
        Interrupts interrupts = caller.interrupts().get();
        Process process = Engine.untouched(invocation, caller.current(), caller.environment());
        Forwarding forwarding = Forwarding.unheard(interrupts, process);
        try {
            return process.waitFor();
        } finally {
            forwarding.close();
        }
    }

    private int apply(Invocation invocation) throws IOException, InterruptedException {
        if (invocation.arguments().flag("json", false)
                && invocation.planFile().isEmpty()
                && !invocation.arguments().flag("auto-approve", false)) {
            throw new IllegalArgumentException(
                    "terraform cannot ask with -json: give it a saved plan file or -auto-approve");
        }
        RunOptions options = options();
        HttpLogClient client = server.client(caller.environment());
        client.server().exposure().ifPresent(caller.terminal()::say);
        ReceiptJudge judge = server.judge(caller.environment());
        Interrupts interrupts = caller.interrupts().get();
        Spool opened = caller.spool(spool);
        ApplySession session = new ApplySession(
                invocation,
                options,
                opened,
                caller.terminal(),
                interrupts,
                caller.clock(),
                caller.current(),
                caller.environment(),
                () -> SeenHead.of(client));
        EventId given = options.id();
        Ended ended = session.run(given == null ? freshId() : given);
        Delivery delivery = new Delivery(opened, client, judge, options.patience());
        Submission submission =
                new Submission(opened, delivery, caller.terminal(), interrupts, options, caller.environment());
        return submit(ended, submission, options);
    }

    /** Terraform has ended: from here on nothing that goes wrong may end in the code of one that never began. */
    private int submit(Ended ended, Submission submission, RunOptions options) {
        try {
            if (ended instanceof Ended.Queued queued) {
                return submission.submit(queued.exitCode(), queued.recorded());
            }
            if (ended instanceof Ended.NotQueued lost) {
                return submission.submitUnqueued(lost);
            }
            return ended.exitCode();
        } catch (RuntimeException failure) {
            caller.terminal()
                    .say("WARNING: what became of the evidence of this apply is not known (" + Terminal.why(failure)
                            + "); see `terraseal spool list`");
            return ended.exitCode() == 0 && options.requireReceipt() ? Submission.NO_RECEIPT : ended.exitCode();
        }
    }

    private RunOptions options() {
        return new RunOptions(
                stream == null ? null : new StreamId(stream),
                id == null ? null : new EventId(id),
                ticket,
                reason,
                requestedBy,
                requireReceipt,
                requireReceipt && until == Wait.ACCEPTED ? Wait.SIGNED : until,
                server.patience(),
                instanceKeys,
                json);
    }

    /** {@code run-20261122T010203Z-1a2b3c4d}: sorts by time, and two runs in one second differ. */
    private EventId freshId() {
        String time = new Timestamp(caller.clock().millis())
                .toString()
                .substring(0, 19)
                .replaceAll("[-:]", "");
        return new EventId(
                String.format(Locale.ROOT, "run-%sZ-%08x", time, caller.random().nextInt()));
    }
}
