package dev.terraseal.run.command;

import static dev.terraseal.run.command.ScriptedTerraform.applying;
import static dev.terraseal.run.command.ScriptedTerraform.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.run.apply.Terminal;
import dev.terraseal.run.server.FakeLogServer;
import dev.terraseal.run.terraform.Interrupts;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What a run does when something goes wrong between its steps, with a terraform that does as it is told. */
@Timeout(60)
class RunCommandTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Interrupts interrupts = Interrupts.none();
    private final Map<String, String> environment = new TreeMap<>();
    private final Random random = new Random(1);
    private PrintStream screen = new PrintStream(out, true, StandardCharsets.UTF_8);
    private InputStream in = InputStream.nullInputStream();
    private FakeLogServer server;
    private ScriptedTerraform terraform;

    @BeforeEach
    void start() throws Exception {
        server = new FakeLogServer();
        terraform = new ScriptedTerraform(directory);
        environment.put("PATH", System.getenv("PATH"));
        environment.put("TERRASEAL_SERVER", server.url());
        environment.put("TERRASEAL_SPOOL", spool("").toString());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Path spool(String part) {
        return directory.resolve("spool").resolve(part);
    }

    private Integer run(String... words) {
        List<String> command = new ArrayList<>(List.of(words));
        int engine = command.indexOf("--") + 1;
        command.add(engine, terraform.program().toString());
        Caller caller = new Caller(
                new Terminal(in, screen, new PrintStream(err, true, StandardCharsets.UTF_8)),
                Map.copyOf(environment),
                directory,
                directory,
                InstantSource.system(),
                random,
                () -> interrupts);
        return new CommandLine(new RunCommand(caller))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(command.toArray(new String[0]));
    }

    private CompletableFuture<Integer> running(String... words) {
        return CompletableFuture.supplyAsync(() -> run(words));
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Json.Obj body() {
        assertThat(server.parsed()).as(err()).hasSize(1);
        return server.parsed().get(0).object("predicate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "version", "state"})
    void aSignalBeforeTheApplyAppliesNothing(String step) throws Exception {
        terraform.on(step, waiting(step.equals("plan") ? "exit 2" : ""));
        CompletableFuture<Integer> run = running("--", "apply", "-auto-approve");
        terraform.awaitThere(run);
        interrupts.came("TERM");
        terraform.letGo();
        assertThat(run.get()).isEqualTo(1);
        assertThat(err()).contains("interrupted; nothing was applied");
        assertThat(terraform.applied()).isFalse();
        assertThat(server.events()).isEmpty();
        assertThat(spool("intents")).isEmptyDirectory();
    }

    /** Terraform that was told with the whole group needs a while to stop, and shows nothing that we could read. */
    @ParameterizedTest
    @CsvSource({"plan, apply, 35", "console, console, 5"})
    void whereTerraformCannotBeHeardItIsNotToldTwice(String step, String command, int tenths) throws Exception {
        terraform.on(
                step,
                "trap 'touch \"$here/told\"' TERM; touch \"$here/there\"; " + "i=0; while test $i -lt " + tenths
                        + "; do sleep 0.1; i=$((i+1)); done; exit 1");
        CompletableFuture<Integer> run = running("--", command);
        terraform.awaitThere(run);
        interrupts.came("TERM");
        assertThat(run.get()).isEqualTo(1);
        assertThat(directory.resolve("told")).doesNotExist();
    }

    @Test
    void anEventThatTheQueueDoesNotTakeIsSentFromMemory() throws Exception {
        terraform.on("apply", applying("rm -r \"$here/spool/queue\"; touch \"$here/spool/queue\""));
        assertThat(run("--require-receipt", "--", "apply", "-auto-approve"))
                .as(err())
                .isZero();
        assertThat(err()).contains("could not be queued").contains("recorded as entry 0");
        assertThat(body().string("outcome")).isEqualTo("succeeded");
        assertThat(spool("intents")).isEmptyDirectory();
    }

    @Test
    void anEventThatGoesNowhereIsNoReceipt() throws Exception {
        terraform.on("apply", applying("rm -r \"$here/spool/queue\"; touch \"$here/spool/queue\""));
        environment.put("TERRASEAL_SERVER", "http://127.0.0.1:9");
        environment.put("GITHUB_ACTIONS", "true");
        assertThat(run("--require-receipt", "--json", "--patience", "1", "--", "apply", "-auto-approve"))
                .isEqualTo(124);
        assertThat(err())
                .contains("phase finished")
                .contains("says what happened")
                .contains("actions/upload-artifact")
                .contains("\n::warning");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"exitCode\":124");
        Files.delete(spool("queue"));
        terraform.on("apply", applying(""));
        environment.put("TERRASEAL_SERVER", server.url());
        assertThat(run("--", "apply", "-auto-approve", "-no-color")).as(err()).isZero();
        assertThat(server.parsed())
                .as(err())
                .extracting(event -> event.object("predicate").string("outcome"))
                .containsExactly("succeeded", "succeeded");
    }

    /** As on a full disk: what happened is in memory alone. */
    private void breakTheIntent() throws Exception {
        terraform.on("apply", applying("mkdir -p \"$here/spool/intents/.run-1.json.tmp/full\""));
    }

    @Test
    void anOutcomeThatIsOnNoDiskIsSentFromMemory() throws Exception {
        breakTheIntent();
        assertThat(run("--require-receipt", "--id", "run-1", "--", "apply", "-auto-approve"))
                .as(err())
                .isZero();
        assertThat(body().string("outcome")).isEqualTo("succeeded");
        assertThat(spool("intents/run-1.json")).doesNotExist();
    }

    @Test
    void anOutcomeThatIsLostIsSaidToBe() throws Exception {
        breakTheIntent();
        environment.put("TERRASEAL_SERVER", "http://127.0.0.1:9");
        assertThat(run("--id", "run-1", "--patience", "1", "--", "apply", "-auto-approve"))
                .isZero();
        assertThat(err()).contains("phase applying").contains("says that the outcome is unknown");
    }

    @Test
    void whatCannotBeReadInTheQueueIsNotTerraformsFailure() throws Exception {
        Files.createDirectories(spool("queue"));
        Files.writeString(spool("queue/00000000000000000000.json"), "{");
        assertThat(run("--", "apply", "-auto-approve")).as(err()).isZero();
        assertThat(body().string("outcome")).isEqualTo("succeeded");
    }

    @Test
    void terraformsOwnCodeIsKeptWhereItsStreamIsLost() throws Exception {
        screen = new PrintStream(out, true, StandardCharsets.UTF_8) {
            @Override
            public void print(String text) {
                if (text.contains("boom")) {
                    throw new IllegalStateException("no screen");
                }
                super.print(text);
            }
        };
        terraform.on("apply", applying("echo '{\"@message\":\"boom\",\"type\":\"log\"}'") + "\nexit 3");
        assertThat(run("--", "apply", "-auto-approve")).isEqualTo(3);
        assertThat(err()).contains("could not be followed").contains("IllegalStateException: no screen");
        assertThat(body().string("outcome")).isEqualTo("unknown");
    }

    @Test
    void aTokenNoHeaderCanCarryIsRefusedBeforeTerraformStartsAndNotShown() throws Exception {
        environment.put("TERRASEAL_TOKEN", "hunter2\nhunter3");
        assertThat(run("--", "apply", "-auto-approve")).isEqualTo(125);
        assertThat(err()).contains("TERRASEAL_TOKEN").doesNotContain("hunter");
        assertThat(terraform.calls()).isEmpty();
    }

    @Test
    void aStateThatCannotBeReadIsSaidAndLeftOut() throws Exception {
        terraform.on("state", "exit 1");
        assertThat(run("--", "apply", "-auto-approve")).isZero();
        assertThat(err())
                .contains("the state before the apply could not be read (`")
                .contains("the state after the apply could not be read (`")
                .contains("state pull` ended with 1");
        assertThat(body().has("state")).isFalse();
    }

    @Test
    void theStateBeforeIsTheOneAfterTheAnswer() throws Exception {
        Files.writeString(directory.resolve("state.json"), "{\"lineage\":\"l\",\"serial\":5}");
        try (PipedOutputStream typing = new PipedOutputStream();
                PipedInputStream keyboard = new PipedInputStream(typing)) {
            in = keyboard;
            CompletableFuture<Integer> run = running("--", "apply");
            while (!out.toString(StandardCharsets.UTF_8).contains("Enter a value:")) {
                assertThat(run).as(err()).isNotDone();
                Thread.sleep(10);
            }
            Files.writeString(directory.resolve("state.json"), "{\"lineage\":\"l\",\"serial\":6}");
            typing.write("yes\n".getBytes(StandardCharsets.UTF_8));
            typing.flush();
            assertThat(run.get()).as(err()).isZero();
        }
        assertThat(body().object("state").number("serialBefore")).isEqualTo(6);
    }

    @Test
    void ourTokenIsNotPassedOnToCommandsThatPassThrough() throws Exception {
        environment.put("TERRASEAL_TOKEN", "canary");
        environment.put("TF_LOG", "off");
        terraform.on("import", "env > \"$here/env\"; exit 7");
        assertThat(run("--", "import", "a.b", "c")).isEqualTo(7);
        assertThat(Files.readString(directory.resolve("env")))
                .contains("TF_LOG=off")
                .doesNotContain("canary");
    }

    @Test
    void anEmptyWordIsNoSubcommand() throws Exception {
        assertThat(run("--", "", "apply", "-auto-approve")).as(err()).isZero();
        assertThat(body().object("invocation").array("command").strings())
                .containsExactly("terraform", "apply", "-auto-approve");
    }

    @Test
    void whatTerraformRefusesGoesToItUntouched() throws Exception {
        terraform.on("apply", "exit 1").on("destroy", "exit 1");
        assertThat(run("--", "destroy", "p")).isEqualTo(1);
        assertThat(run("--", "apply", "p", "-target=x")).isEqualTo(1);
        assertThat(terraform.calls()).containsExactly("destroy p", "apply p -target=x");
        assertThat(server.events()).isEmpty();
    }

    @Test
    void anEngineIsCalledWhatItCallsItself() throws Exception {
        terraform
                .on("version", "echo 'OpenTofu v1.9.0'; echo 'on linux_amd64'")
                .on("apply", "echo '{\"@message\":\"m\",\"type\":\"version\",\"tofu\":\"1.9.0\",\"ui\":\"1.2\"}'");
        in = new java.io.ByteArrayInputStream("yes\n".getBytes(StandardCharsets.UTF_8));
        assertThat(run("--", "apply")).as(err()).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("OpenTofu will perform the actions");
        assertThat(body().object("engine").string("name")).isEqualTo("tofu");
        assertThat(body().object("engine").string("version")).isEqualTo("1.9.0");
    }
}
