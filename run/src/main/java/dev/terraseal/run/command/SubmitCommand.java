package dev.terraseal.run.command;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.run.apply.Terminal;
import dev.terraseal.run.client.Answer;
import dev.terraseal.run.client.HttpLogClient;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code terraseal submit}: sends evidence that somebody else made. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description = "Sends one event, or one event a line, to the pipeline.",
        footer = {
            "",
            "Examples:",
            "  terraseal submit event.json --wait",
            "  generate-events | terraseal submit -",
            "",
            "Exits 0 where all were taken, 2 where one was refused for what it is, 3 where one did not get through;",
            "each of those is named by line, id and reason. Sending a file again is safe: ids are never taken twice.",
            "An event of the last minute (occurredAt) without a seenCheckpoint quotes the newest checkpoint: it is younger."
        })
public final class SubmitCommand implements Callable<Integer> {
    private static final int OUTSIDE = 3;

    @Parameters(paramLabel = "FILE", description = "a file, or - for standard input")
    private String file = "-";

    @Option(
            names = "--attach",
            paramLabel = "FILE",
            description = "evidence the events name by its SHA-256; stored before they are sent")
    private List<Path> attachments = List.of();

    @Option(
            names = "--wait",
            description = "wait for receipts with their proofs; check that they hold and say what was sent")
    private boolean waiting;

    @Option(names = "--json", description = "one line of JSON an event on standard output")
    private boolean json;

    @Mixin
    private ServerOption server = new ServerOption();

    private final Caller caller;

    public SubmitCommand(Caller caller) {
        this.caller = caller;
    }

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = caller.terminal();
        try {
            HttpLogClient client = server.client(caller.environment());
            client.server().exposure().ifPresent(terminal::say);
            for (Path attachment : attachments) {
                if (!attach(client, attachment)) {
                    return OUTSIDE;
                }
            }
            SubmissionOf submission =
                    new SubmissionOf(client, server.judge(caller.environment()), waiting, caller.clock());
            int exit = 0;
            for (SubmissionOf.Line line : submission.send(read())) {
                print(line);
                exit = Math.max(exit, line.exitCode());
            }
            terminal.out().flush();
            return exit;
        } catch (IOException unreadable) {
            terminal.say(file + ": " + unreadable.getMessage());
            return 2;
        } catch (IllegalArgumentException wrong) {
            terminal.say(String.valueOf(wrong.getMessage()));
            return 2;
        }
    }

    private Bytes read() throws IOException {
        if (file.equals("-")) {
            // Buffered because a bare file stream asks a pipe for its length, which has none.
            return Bytes.wrap(new BufferedInputStream(caller.terminal().in()).readAllBytes());
        }
        try (InputStream in = new FileInputStream(caller.current().resolve(file).toFile())) {
            return Bytes.wrap(in.readAllBytes());
        }
    }

    private boolean attach(HttpLogClient client, Path attachment) throws IOException, InterruptedException {
        Bytes content = Bytes.wrap(Files.readAllBytes(caller.current().resolve(attachment)));
        Digest digest = Digest.of(content);
        Answer answer = client.attach(digest, content);
        boolean stored = answer instanceof Answer.Recorded;
        caller.terminal()
                .say(
                        stored
                                ? attachment + " is stored as " + digest
                                : attachment + " was not stored: "
                                        + answer.fold(new Answer.Fold<>(
                                                accepted -> "it is still on its way",
                                                recorded -> "",
                                                refused -> refused.problem().summary(),
                                                notPermitted ->
                                                        notPermitted.problem().summary(),
                                                Answer.Unavailable::reason)));
        return stored;
    }

    private void print(SubmissionOf.Line line) {
        Terminal terminal = caller.terminal();
        if (json) {
            terminal.out().print(line.json().bytes().utf8() + "\n");
        } else if (line.exitCode() == 0) {
            terminal.out().print("line " + line.number() + "  " + line.id() + "  " + line.what() + "\n");
        }
        if (line.exitCode() != 0) {
            terminal.say("line " + line.number() + ", id " + line.id() + ": " + line.what());
        }
    }
}
