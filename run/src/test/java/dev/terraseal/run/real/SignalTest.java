package dev.terraseal.run.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.run.real.Workbench.Transcript;
import dev.terraseal.run.server.FakeLogServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to evidence when somebody or something ends a run. */
class SignalTest {
    private static final String SLOW = """
            resource "terraform_data" "quick" {}
            resource "terraform_data" "slow" {
              depends_on = [terraform_data.quick]
              provisioner "local-exec" {
                command = "while ! test -e go; do sleep 0.05; done"
              }
            }
            resource "terraform_data" "never" {
              depends_on = [terraform_data.slow]
            }
            """;

    @TempDir
    Path root;

    private FakeLogServer server;
    private Workbench bench;

    @BeforeEach
    void start() throws Exception {
        server = new FakeLogServer();
        bench = new Workbench(root, server);
    }

    @AfterEach
    void stop() {
        bench.close();
        server.close();
    }

    private Process applying(Path directory) throws Exception {
        Process process = bench.startRun(directory, List.of(), "apply", "-auto-approve", "-no-color");
        bench.awaitOut(process, "(local-exec): Executing");
        return process;
    }

    private Json.Obj body() {
        assertThat(server.parsed()).hasSize(1);
        return server.parsed().get(0).object("predicate");
    }

    private static void signal(String name, String target) throws Exception {
        assertThat(new ProcessBuilder("sh", "-c", "kill -" + name + " " + target)
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void aSignalToUsAloneIsPassedOnOnceAndTheApplyIsRecordedAsInterrupted() throws Exception {
        Path directory = bench.configuration("infra", SLOW);
        Process process = applying(directory);
        signal("TERM", Long.toString(process.pid()));
        Transcript ours = bench.finish(process, "");
        assertThat(ours.exit()).isEqualTo(1);
        assertThat(ours.out()).containsOnlyOnce("Interrupt received.").contains("Gracefully shutting down");
        assertThat(ours.err()).contains("execution halted").contains("recorded as entry 0");
        assertThat(body().string("outcome")).isEqualTo("interrupted");
        assertThat(body().object("changes").array("resources").objects())
                .extracting(line -> line.string("address") + " " + line.string("outcome"))
                .containsExactly(
                        "terraform_data.never not-started",
                        "terraform_data.quick succeeded",
                        "terraform_data.slow failed");
    }

    @Test
    void aSignalToTheWholeGroupDoesNotReachTerraformTwice() throws Exception {
        Path directory = bench.configuration("infra", SLOW);
        bench.inOwnGroup();
        Process process = applying(directory);
        signal("TERM", "-" + process.pid());
        Transcript ours = bench.finish(process, "");
        assertThat(ours.exit()).isEqualTo(1);
        assertThat(ours.out()).containsOnlyOnce("Interrupt received.");
        assertThat(ours.out() + ours.err()).doesNotContain("Two interrupts");
        assertThat(body().string("outcome")).isEqualTo("interrupted");
    }

    @Test
    void terraformOutlivesAKilledRunAndItsOutcomeIsUnknown() throws Exception {
        Path directory = bench.configuration("infra", SLOW);
        Process process = applying(directory);
        ProcessHandle terraform = process.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("terraform"))
                .findFirst()
                .orElseThrow();
        process.destroyForcibly().waitFor();
        assertThat(Workbench.holding("local-exec", List.of(bench.spool(), bench.directory("tmp"))))
                .isEmpty();
        Files.createFile(directory.resolve("go"));
        terraform.onExit().get(60, TimeUnit.SECONDS);
        assertThat(Files.readString(directory.resolve("terraform.tfstate"))).contains("\"never\"");
        assertThat(server.events()).isEmpty();

        Transcript flush = bench.ours(directory, "spool", "flush");
        assertThat(flush.exit()).isZero();
        assertThat(flush.err()).contains("recorded as unknown");
        assertThat(body().string("outcome")).isEqualTo("unknown");
        assertThat(body().object("plan").has("sha256")).isTrue();
        assertThat(body().has("changes")).isFalse();
        assertThat(bench.directory("tmp")).isEmptyDirectory();
        assertThat(bench.ours(directory, "spool", "flush").exit()).isZero();
        assertThat(server.events()).hasSize(1);
    }

    @Test
    void aKilledTerraformIsUnknownAndItsExitCodeOurs() throws Exception {
        Path directory = bench.configuration("infra", SLOW);
        Process process = applying(directory);
        process.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("terraform"))
                .findFirst()
                .orElseThrow()
                .destroyForcibly();
        Files.createFile(directory.resolve("go"));
        Transcript ours = bench.finish(process, "");
        assertThat(ours.exit()).isEqualTo(137);
        assertThat(body().string("outcome")).isEqualTo("unknown");
    }

    @Test
    void anInterruptAtTheQuestionAppliesNothing() throws Exception {
        Path directory = bench.configuration("infra", SLOW);
        Process process = bench.startRun(directory, List.of(), "apply", "-no-color");
        bench.awaitOut(process, "Enter a value:");
        signal("TERM", Long.toString(process.pid()));
        assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(server.events()).isEmpty();
        assertThat(bench.spool().resolve("intents")).isEmptyDirectory();
        assertThat(bench.directory("tmp")).isEmptyDirectory();
    }
}
