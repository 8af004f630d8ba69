package dev.terraseal.run.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.run.apply.Terminal;
import dev.terraseal.run.client.SeenHead;
import dev.terraseal.run.client.SentEvent;
import dev.terraseal.run.recorded.RecordedApply;
import dev.terraseal.run.server.Events;
import dev.terraseal.run.server.FakeLogServer;
import dev.terraseal.run.server.FakeLogServer.Fault;
import dev.terraseal.run.terraform.Interrupts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SubmitCommandTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private FakeLogServer server;

    @BeforeEach
    void start() throws Exception {
        server = new FakeLogServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int submit(String input, String... words) {
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        Caller caller = new Caller(
                terminal,
                Map.of("TERRASEAL_SERVER", server.url()),
                directory,
                directory,
                InstantSource.system(),
                new Random(1),
                Interrupts::none);
        return new CommandLine(new SubmitCommand(caller)).execute(words);
    }

    private static String lines(String... ids) {
        StringBuilder out = new StringBuilder();
        for (String id : ids) {
            out.append(Events.apply("acme/infra", id, "succeeded").utf8()).append('\n');
        }
        return out.toString();
    }

    @Test
    void oneEventOverManyLinesIsOneEvent() throws Exception {
        String pretty = Events.apply("acme/infra", "run-1", "succeeded").utf8();
        Files.writeString(directory.resolve("event.json"), pretty + "\n");
        assertThat(submit("", "event.json", "--wait")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("line 1  run-1  entry 0\n");
    }

    @Test
    void theRecordedAppliesAreTakenAndProven() throws Exception {
        assertThat(submit(RecordedApply.events().utf8(), "-", "--wait")).isZero();
        assertThat(server.events()).hasSize(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("recorded-apply-2  entry 1");
    }

    @Test
    void aBadLineIsNamedAndTakesNoGoodOneWithIt() {
        String bad = Events.json(
                        "acme/infra",
                        "bad",
                        Json.obj().put("outcome", "x").put("surprise", 1).build())
                .bytes()
                .utf8();
        String input = lines("a") + "\n" + bad + "\n" + "{\"id\":\n" + lines("b");
        assertThat(submit(input, "-")).isEqualTo(2);
        assertThat(server.parsed()).extracting(event -> event.string("id")).containsExactly("a", "b");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("line 3, id bad: ")
                .contains("surprise")
                .contains("line 4, id (unreadable): ");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("line 1  a  accepted")
                .contains("line 5  b  accepted");
    }

    /** One that happened before would be remarked on: it cannot be older than what it quotes. */
    @Test
    void anEventOfNowQuotesTheNewestCheckpointUnlessItQuotesOneItself() {
        String now = new Timestamp(System.currentTimeMillis()).toString();
        String old = lines("old");
        assertThat(submit(old.replace("2026-11-22T01:02:03.123Z", now), "-")).isZero();
        assertThat(server.parsed().get(0).has("seenCheckpoint"))
                .as("the log was empty")
                .isFalse();

        String root = Digest.of(Bytes.utf8("elsewhere")).base64();
        Json.Obj quoted = Json.obj()
                .put("cosignatures", Json.arr(List.of()))
                .put("noteSha256", Digest.of(Bytes.utf8("note")))
                .put("root", root)
                .put("size", 7)
                .build();
        Bytes plain = Bytes.utf8(lines("given").replace("2026-11-22T01:02:03.123Z", now));
        String given = SeenHead.quoting(plain, SentEvent.parse(plain), quoted).utf8();
        String fresh = lines("fresh").replace("2026-11-22T01:02:03.123Z", now);
        assertThat(submit(lines("late") + given + fresh, "-")).as("%s", err).isZero();
        assertThat(server.parsed())
                .extracting(event -> event.string("id"))
                .containsExactly("old", "late", "given", "fresh");
        assertThat(server.parsed().get(1).has("seenCheckpoint")).isFalse();
        assertThat(server.parsed().get(2).object("seenCheckpoint").string("root"))
                .isEqualTo(root);
        Json.Obj seen = server.parsed().get(3).object("seenCheckpoint");
        assertThat(seen.number("size")).isEqualTo(1);
        assertThat(seen.string("root")).isNotEmpty();
    }

    @Test
    void sendingAFileAgainIsSafe() {
        assertThat(submit(lines("a", "b", "c"), "-")).isZero();
        assertThat(submit(lines("a", "b", "c"), "-", "--wait")).isZero();
        assertThat(server.events()).hasSize(3);
    }

    @Test
    void manyEventsGoInFewRequests() {
        String[] ids = new String[1200];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = "e-" + i;
        }
        assertThat(submit(lines(ids), "-")).isZero();
        assertThat(server.events()).hasSize(1200);
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void aPipelineThatDoesNotAnswerIsExitThree() {
        server.plant(Fault.BUSY);
        assertThat(submit(lines("a"), "-", "--patience", "1")).isEqualTo(3);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("line 1, id a: not now");
    }

    @Test
    void anEntryThatSaysSomethingElseIsExitFour() {
        server.plant(Fault.LIE);
        assertThat(submit(lines("a"), "-", "--wait")).isEqualTo(4);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("does not say what was sent");
    }

    @Test
    void aReceiptThatDoesNotHoldIsExitFour() {
        server.forging();
        assertThat(submit(lines("a"), "-", "--wait")).isEqualTo(4);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("its receipt does not hold");
        assertThat(submit(lines("b"), "-", "--genesis", "b".repeat(63))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("is no genesis");
    }

    @Test
    void aReceiptOfAnotherLogThanTheOneNamedIsExitFour() {
        assertThat(submit(
                        lines("a"), "-", "--wait", "--genesis", server.genesis().hex()))
                .isZero();
        assertThat(submit(lines("a"), "-", "--wait", "--genesis", "b".repeat(64)))
                .isEqualTo(4);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("another log");
    }

    @Test
    void whatIsNotThePipelineIsExitThree() {
        server.plant(Fault.REDIRECT);
        assertThat(submit(lines("a", "b"), "-")).isEqualTo(3);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("answered 308; is --server right?");
    }

    @Test
    void aReceiptThatCannotBeReadIsExitFour() {
        server.plant(Fault.NO_STATEMENT);
        assertThat(submit(lines("a"), "-", "--wait")).isEqualTo(4);
    }

    /** The second sending quotes a newer checkpoint than the entry that the first one made. */
    @Test
    void anEventOfNowMayBeSentTwiceAlthoughTheLogHasGrown() {
        String now =
                lines("now").replace("2026-11-22T01:02:03.123Z", new Timestamp(System.currentTimeMillis()).toString());
        assertThat(submit(lines("a"), "-")).isZero();
        assertThat(submit(now, "-", "--wait")).isZero();
        assertThat(submit(lines("b"), "-")).isZero();
        assertThat(submit(now, "-", "--wait")).as("%s", err).isZero();
        assertThat(server.events()).hasSize(3);
    }

    @Test
    void evidenceIsStoredBeforeTheEventThatNamesIt() throws Exception {
        Bytes content = Bytes.utf8("evidence");
        Files.write(directory.resolve("list.json"), content.toByteArray());
        Json.Obj changes = Json.obj().put("resourcesSha256", Digest.of(content)).build();
        String event = Events.json(
                        "a",
                        "1",
                        Json.obj()
                                .put("outcome", "succeeded")
                                .put("changes", changes)
                                .build())
                .bytes()
                .utf8();
        assertThat(submit(event, "-", "--attach", "list.json")).isZero();
        assertThat(server.attachments()).containsKey(Digest.of(content));
    }

    @Test
    void aFileThatIsNotThereIsWrongUsage() {
        assertThat(submit("", "nothing.json")).isEqualTo(2);
    }

    @Test
    void programsReadOneLineAnEvent() {
        submit(lines("a"), "-", "--json", "--wait");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"exitCode\":0,\"id\":\"a\",\"line\":1,\"sequence\":0,\"what\":\"entry 0\"}\n");
    }
}
