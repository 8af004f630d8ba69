package dev.terraseal.run.command;

import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.run.apply.Terminal;
import dev.terraseal.run.client.Answer;
import dev.terraseal.run.client.HttpLogClient;
import dev.terraseal.run.client.ReceiptJudge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code terraseal receipt}: fetches the receipt of one entry. */
@Command(
        name = "receipt",
        mixinStandardHelpOptions = true,
        description = "Fetches the receipt of one entry; `terraseal verify` checks it.",
        footer = {
            "",
            "Examples:",
            "  terraseal receipt --sequence 42 --out 42.receipt.json",
            "  terraseal receipt --stream acme/infra/prod --id run-4711-apply"
        })
public final class ReceiptCommand implements Callable<Integer> {
    private static final int USAGE = 2;
    private static final int OUTSIDE = 3;
    /** Another entry than the one asked for, or one whose receipt does not hold. */
    private static final int OTHER = 4;

    /** By place or by name. */
    static final class Entry {
        @Option(names = "--sequence", required = true, paramLabel = "N", description = "its place in the log")
        private @Nullable Long sequence;

        @ArgGroup(exclusive = false, multiplicity = "1")
        private @Nullable Name name;
    }

    /** Both parts of a name. */
    static final class Name {
        @Option(names = "--stream", required = true, paramLabel = "NAME", description = "its stream")
        private String stream = "";

        @Option(names = "--id", required = true, paramLabel = "ID", description = "its id in that stream")
        private String id = "";
    }

    @ArgGroup(multiplicity = "1")
    private Entry entry = new Entry();

    @Option(names = "--out", paramLabel = "FILE", description = "where to write it (default: standard output)")
    private @Nullable Path out;

    @Mixin
    private ServerOption server = new ServerOption();

    private ReceiptJudge judge = new ReceiptJudge(null);

    private final Caller caller;

    public ReceiptCommand(Caller caller) {
        this.caller = caller;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            HttpLogClient client = server.client(caller.environment());
            judge = server.judge(caller.environment());
            Long sequence = entry.sequence;
            Name name = entry.name;
            return sequence != null
                    ? bySequence(client, new SequenceNumber(sequence))
                    : byName(
                            client,
                            new StreamId(name == null ? "" : name.stream),
                            new EventId(name == null ? "" : name.id));
        } catch (IllegalArgumentException wrong) {
            caller.terminal().say(String.valueOf(wrong.getMessage()));
            return USAGE;
        }
    }

    private int bySequence(HttpLogClient client, SequenceNumber sequence) throws IOException, InterruptedException {
        Answer answer = client.receipt(sequence);
        return settle(
                client,
                answer,
                "entry " + sequence,
                receipt -> receipt.statement().sequence().equals(sequence));
    }

    private int byName(HttpLogClient client, StreamId stream, EventId id) throws IOException, InterruptedException {
        Answer answer = client.receipt(stream, id);
        if (answer instanceof Answer.Accepted) {
            answer = client.awaitReceipt(stream, id, false);
        }
        return settle(
                client,
                answer,
                id + " of stream " + stream,
                receipt -> receipt.statement().stream().equals(stream)
                        && receipt.statement().id().equals(id));
    }

    private int settle(HttpLogClient client, Answer answer, String what, Predicate<Receipt> asked) throws IOException {
        Terminal terminal = caller.terminal();
        if (answer instanceof Answer.Recorded recorded && !recorded.receipts().isEmpty()) {
            Receipt receipt = recorded.receipts().get(0);
            if (!asked.test(receipt)) {
                terminal.say("asked for " + what + ", " + client.server() + " gave the receipt of entry "
                        + receipt.statement().sequence() + ", "
                        + receipt.statement().id() + " of stream "
                        + receipt.statement().stream());
                return OTHER;
            }
            return write(receipt);
        }
        terminal.say("no receipt for " + what + ": "
                + answer.fold(new Answer.Fold<>(
                        accepted -> "it is on its way, ask again",
                        recorded -> "the server says it is in the log and gives no receipt",
                        refused -> refused.problem().summary(),
                        notPermitted -> notPermitted.problem().summary(),
                        Answer.Unavailable::reason)));
        return OUTSIDE;
    }

    /** Writes it in any case: one that does not hold is evidence against whoever gave it. */
    private int write(Receipt receipt) throws IOException {
        Path file = out;
        if (file == null) {
            // No newline after it: a receipt is its own canonical bytes, and `> file` has to verify.
            receipt.bytes().writeTo(caller.terminal().out());
            caller.terminal().out().flush();
        } else {
            Files.write(caller.current().resolve(file), receipt.bytes().toByteArray());
        }
        ReceiptJudge.Verdict verdict = judge.judge(receipt);
        String signed = receipt.proof() != null ? "signed, with its proof" : "signed, not yet in a checkpoint";
        String state = switch (verdict.worth()) {
            case HOLDS ->
                signed + (judge.isPinned() ? "" : ", by keys it brings itself (--genesis says which log it is)");
            case UNKNOWN -> "not checked: " + verdict.reason();
            case REFUSED -> "THE RECEIPT DOES NOT HOLD: " + verdict.reason();
        };
        caller.terminal()
                .say("entry " + receipt.statement().sequence() + " of "
                        + receipt.log().origin() + ": " + state + (file == null ? "" : "; " + file));
        return verdict.worth() == ReceiptJudge.Worth.REFUSED ? OTHER : 0;
    }
}
