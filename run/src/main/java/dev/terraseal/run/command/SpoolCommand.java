package dev.terraseal.run.command;

import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.run.apply.Terminal;
import dev.terraseal.run.client.HttpLogClient;
import dev.terraseal.run.client.Wait;
import dev.terraseal.run.spool.Delivery;
import dev.terraseal.run.spool.Orphan;
import dev.terraseal.run.spool.Spool;
import dev.terraseal.run.spool.SpooledEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code terraseal spool}: evidence that has not reached the pipeline. */
@Command(
        name = "spool",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(list | flush)",
        description = "Shows or sends evidence that waits on this machine.",
        footer = {"%nExample: terraseal spool list"})
public final class SpoolCommand implements Runnable {
    private static final int OUTSIDE = 3;

    private final Caller caller;

    public SpoolCommand(Caller caller) {
        this.caller = caller;
    }

    @Override
    public void run() {
        picocli.CommandLine.usage(this, caller.terminal().out());
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists what waits, oldest first.",
            footer = {"%nExample: terraseal spool list --json"})
    int list(
            @Option(names = "--spool", paramLabel = "DIR", description = "the spool") @Nullable Path directory,
            @Option(names = "--json", description = "one line of JSON an event") boolean json)
            throws IOException {
        Spool spool = caller.spool(directory);
        Terminal terminal = caller.terminal();
        List<SpooledEvent> waiting = spool.queued();
        for (SpooledEvent event : waiting) {
            terminal.out().print(json ? line(event) : event.stream() + "  " + event.id() + "  " + event.file() + "\n");
        }
        for (EventId intent : spool.intents()) {
            terminal.say("a run is in progress or was cut off: " + intent + " (flush settles what was cut off)");
        }
        if (waiting.isEmpty() && !json) {
            terminal.say("nothing waits in " + spool.directory());
        }
        terminal.out().flush();
        return 0;
    }

    private static String line(SpooledEvent event) {
        return Json.obj()
                        .put("file", event.file().toString())
                        .put("id", event.id().value())
                        .put("stream", event.stream().value())
                        .build()
                        .bytes()
                        .utf8()
                + "\n";
    }

    @Command(
            name = "flush",
            mixinStandardHelpOptions = true,
            description =
                    "Sends everything that waits; exit 3 where something still waits, 2 where something was refused.",
            footer = {"%nExample: terraseal spool flush --server http://127.0.0.1:8480"})
    int flush(
            @Option(names = "--spool", paramLabel = "DIR", description = "the spool") @Nullable Path directory,
            @Mixin ServerOption server)
            throws IOException, InterruptedException {
        Spool spool = caller.spool(directory);
        Terminal terminal = caller.terminal();
        for (Orphan orphan : spool.adoptOrphans()) {
            terminal.say(
                    orphan.applied()
                            ? orphan.id() + " ended without a word; it is recorded as unknown"
                            : orphan.id() + " ended before it applied anything; nothing to record");
        }
        HttpLogClient client = server.client(caller.environment());
        int exit = 0;
        for (Delivery.Sent sent :
                new Delivery(spool, client, server.judge(caller.environment()), server.patience()).all(Wait.ACCEPTED)) {
            String what = sent.status().name().toLowerCase(Locale.ROOT);
            terminal.out()
                    .print(what + "  " + sent.event().stream() + "  "
                            + sent.event().id() + (sent.reason().isEmpty() ? "" : "  " + sent.reason()) + "\n");
            exit = Math.max(exit, exitCode(sent.status()));
        }
        terminal.out().flush();
        return exit;
    }

    private static int exitCode(Delivery.Status status) {
        return switch (status) {
            case ACCEPTED, RECORDED, UNPROVEN -> 0;
            case REFUSED -> 2;
            case WAITING -> OUTSIDE;
            case DISAGREES -> 4;
        };
    }
}
