package dev.terraseal.run.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.run.client.HttpLogClient;
import dev.terraseal.run.client.LogServer;
import dev.terraseal.run.client.Pause;
import dev.terraseal.run.client.ReceiptJudge;
import dev.terraseal.run.client.Wait;
import dev.terraseal.run.server.Events;
import dev.terraseal.run.server.FakeLogServer;
import dev.terraseal.run.server.FakeLogServer.Fault;
import dev.terraseal.run.spool.Delivery;
import dev.terraseal.run.spool.Spool;
import dev.terraseal.run.spool.SpooledEvent;
import dev.terraseal.run.terraform.Interrupts;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run says and which code it ends with, by what becomes of its evidence. Terraform has exited 0 before. */
class SubmissionTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Interrupts interrupts = Interrupts.none();
    private FakeLogServer server;
    private Spool spool;
    private SpooledEvent event;

    @BeforeEach
    void start() throws Exception {
        server = new FakeLogServer();
        spool = Spool.open(directory, notice -> {});
        event = spool.enqueue(new StreamId("a"), new EventId("1"), Events.apply("a", "1", "succeeded"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Delivery delivery(Duration patience, Pause pause, Digest genesis) {
        LogServer to = new LogServer(URI.create(server.url()), null);
        return new Delivery(spool, new HttpLogClient(to, patience, pause), new ReceiptJudge(genesis), patience);
    }

    private int submit(Delivery delivery, Wait until, boolean requireReceipt, Map<String, String> environment) {
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        RunOptions options = new RunOptions(null, null, null, null, null, requireReceipt, until, SHORT, false, true);
        return new Submission(spool, delivery, terminal, interrupts, options, environment)
                .submit(0, new ApplySession.Recorded(event, "succeeded"));
    }

    private int strict(Delivery delivery, Wait until) {
        return submit(delivery, until, true, Map.of());
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void anEventThatAnotherRunHasSentIsRecordedAllTheSame() throws Exception {
        delivery(SHORT, pause -> {}, null).all(Wait.ACCEPTED);
        assertThat(event.file()).doesNotExist();
        assertThat(strict(delivery(SHORT, pause -> {}, null), Wait.SIGNED)).isZero();
        assertThat(said()).contains("recorded as entry 0").doesNotContain("WARNING");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"status\":\"recorded\"");
    }

    @Test
    void aRequiredCheckpointThatDoesNotComeIsExit124() {
        server.neverProving();
        assertThat(strict(delivery(SHORT, pause -> {}, null), Wait.CHECKPOINT)).isEqualTo(124);
        assertThat(said())
                .contains("recorded as entry 0")
                .contains("; no checkpoint covers it yet")
                .contains("the receipt is not all that was asked for: exit 124");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"status\":\"unproven\"");
    }

    @Test
    void aReceiptThatDoesNotHoldIsExit124AndNeverCalledSigned() throws Exception {
        server.forging();
        Path summary = directory.resolve("summary.md");
        assertThat(submit(
                        delivery(SHORT, pause -> {}, null),
                        Wait.CHECKPOINT,
                        true,
                        Map.of("GITHUB_STEP_SUMMARY", summary.toString())))
                .isEqualTo(124);
        assertThat(said())
                .contains("WARNING: the receipt is not one for what was sent: ")
                .contains("does not hold");
        assertThat(summary).doesNotExist();
    }

    @Test
    void whoNamesNoLogIsToldByWhichKeysItWasChecked() throws Exception {
        Path summary = directory.resolve("summary.md");
        Map<String, String> environment = Map.of("GITHUB_STEP_SUMMARY", summary.toString());
        assertThat(submit(delivery(SHORT, pause -> {}, null), Wait.CHECKPOINT, true, environment))
                .isZero();
        assertThat(said()).contains("the keys it brings itself").contains("--genesis " + server.genesis());
        assertThat(Files.readString(summary))
                .contains("signed, under a checkpoint")
                .contains("(not pinned: give --genesis)");
    }

    @Test
    void whoNamesTheLogIsNotAskedTo() throws Exception {
        Path summary = directory.resolve("summary.md");
        Map<String, String> environment = Map.of("GITHUB_STEP_SUMMARY", summary.toString());
        assertThat(submit(delivery(SHORT, pause -> {}, server.genesis()), Wait.CHECKPOINT, true, environment))
                .isZero();
        assertThat(said()).doesNotContain("--genesis");
        assertThat(Files.readString(summary)).doesNotContain("not pinned");
    }

    @Test
    void aSignalEndsTheSendingAndTheEventStays() throws Exception {
        server.plant(Fault.BUSY);
        Pause signalled = duration -> {
            interrupts.came("TERM");
            Thread.sleep(Duration.ofMinutes(5).toMillis());
        };
        Delivery delivery = delivery(Duration.ofMinutes(5), signalled, null);
        assertThat(submit(delivery, Wait.SIGNED, false, Map.of())).isZero();
        assertThat(said())
                .contains("WARNING: the evidence of this apply is not in the pipeline: a signal ended the sending")
                .contains(event.file().toString());
        assertThat(spool.queued()).containsExactly(event);
        assertThat(strict(delivery, Wait.SIGNED)).as("stopped for good").isEqualTo(124);
    }
}
