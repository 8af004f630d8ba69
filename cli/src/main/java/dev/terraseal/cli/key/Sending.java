package dev.terraseal.cli.key;

import dev.terraseal.cli.ArchiveOption;
import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.ServerOption;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.keys.change.PendingChange;
import dev.terraseal.run.client.Answer;
import dev.terraseal.run.client.HttpLogClient;
import dev.terraseal.run.client.LogServer;
import dev.terraseal.run.client.Pause;
import dev.terraseal.run.client.SentEvent;
import dev.terraseal.run.client.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Mixin;

/** Sends a change to the pipeline and waits until it is an entry under a checkpoint. */
final class Sending {
    /** A checkpoint on S3 takes seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int CONFLICT = 409;

    @Mixin
    ServerOption server = new ServerOption();

    /**
     * The entry the change became.
     *
     * @param file where it lies, for who has to send it again
     */
    long send(PendingChange change, ArchiveOption archive, Path file)
            throws CommandFailedException, IOException, InterruptedException {
        HttpLogClient client = new HttpLogClient(where(archive), PATIENCE, Pause.sleeping());
        Timestamp now = new Timestamp(Clock.systemUTC().millis());
        Bytes event = change.eventJson(now).bytes();
        Answer answer = client.post(event, List.of(SentEvent.parse(event)), Wait.CHECKPOINT);
        boolean sentBefore =
                answer instanceof Answer.Refused refused && refused.problem().status() == CONFLICT;
        boolean noReceiptYet = answer instanceof Answer.Accepted
                || answer instanceof Answer.Recorded recorded
                        && recorded.receipts().isEmpty();
        if (sentBefore || noReceiptYet) {
            // Its id comes from what was signed: whatever has it is this change.
            answer = client.awaitReceipt(StreamId.KEYS, change.id(), true);
        }
        if (answer instanceof Answer.Recorded recorded && !recorded.receipts().isEmpty()) {
            return requireSame(recorded.receipts().get(0), change);
        }
        if (answer instanceof Answer.Refused refused) {
            throw CommandFailedException.usage("the log refused the change: "
                    + refused.problem().summary()
                    + ". Look at terraseal key list and make it anew");
        }
        throw CommandFailedException.unavailable("the change was sent to " + client.server()
                + " and no receipt came: "
                + answer.fold(new Answer.Fold<>(
                        accepted -> "it waits for the signer or the archiver",
                        recorded -> "it has no proof yet",
                        refused -> refused.problem().summary(),
                        notPermitted -> notPermitted.problem().summary(),
                        Answer.Unavailable::reason))
                + ". The signed change is in " + file + ": terraseal key submit " + file
                + " sends it again, and however often it is sent it becomes one entry");
    }

    private static long requireSame(Receipt receipt, PendingChange change) throws CommandFailedException {
        if (!receipt.statement().body().bytes().equals(change.event().body().bytes())) {
            throw CommandFailedException.withExit(
                    dev.terraseal.cli.ExitCode.VERIFICATION_FAILED,
                    "entry " + receipt.statement().sequence() + " does not say what was sent");
        }
        return receipt.statement().sequence().value();
    }

    /** Where nothing names one, loopback, as for every command that sends. */
    private LogServer where(ArchiveOption archive) throws IOException, CommandFailedException {
        return server.known(archive).orElseGet(() -> LogServer.of(null, System.getenv()));
    }
}
