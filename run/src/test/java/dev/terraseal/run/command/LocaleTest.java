package dev.terraseal.run.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.run.server.FakeLogServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What terraform gets where the locale knows ASCII alone; in a JVM of its own, which a shell starts, byte for byte. */
@Timeout(120)
class LocaleTest {
    private static final String RUN = String.join(
            " ",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '" + System.getProperty("java.class.path")
                    + "' dev.terraseal.run.RunMain run");

    @TempDir
    Path directory;

    private FakeLogServer server;
    private ScriptedTerraform terraform;

    @BeforeEach
    void start() throws Exception {
        server = new FakeLogServer();
        terraform = new ScriptedTerraform(directory);
        terraform.on("console", "env > \"$here/env\"; exit 7");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private record Ended(int exit, String said) {}

    private Ended shell(String... lines) throws Exception {
        Path script = Files.writeString(directory.resolve("script"), String.join("\n", lines) + "\n");
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().put("TERRASEAL_SERVER", server.url());
        builder.environment().put("TERRASEAL_SPOOL", directory.resolve("spool").toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said);
    }

    private String environment() throws Exception {
        return Files.readString(directory.resolve("env"));
    }

    @Test
    void variablesReachTerraformAsTheyWere() throws Exception {
        Ended ended =
                shell("export LC_ALL=C TF_VAR_name=Müller TERRASEAL_TOKEN=canary", RUN + " -- ./terraform console");
        assertThat(ended.exit()).as(ended.said()).isEqualTo(7);
        assertThat(environment()).contains("TF_VAR_name=Müller\n", "LC_ALL=C\n").doesNotContain("canary");
    }

    @Test
    void aPlanHasThemTooAndWhatIsReadOfTfCliArgsIsTakenOut() throws Exception {
        terraform.on("plan", "env > \"$here/env\"; exit 2");
        Ended ended = shell(
                "export LC_ALL=C TF_VAR_name=Müller TF_CLI_ARGS_plan=-no-color TERRASEAL_TOKEN=canary",
                RUN + " -- ./terraform apply -auto-approve");
        assertThat(ended.exit()).as(ended.said()).isZero();
        assertThat(environment())
                .contains("TF_VAR_name=Müller\n", "TF_IN_AUTOMATION=1\n")
                .doesNotContain("canary")
                .doesNotContain("TF_CLI_ARGS");
    }

    @Test
    void wordsThatTheLocaleCannotCarryAreRefusedAndNotShown() throws Exception {
        Ended ended = shell("export LC_ALL=C", RUN + " -- ./terraform console -var x=Müller");
        assertThat(ended.exit()).as(ended.said()).isEqualTo(125);
        assertThat(ended.said())
                .contains("this locale (LC_ALL=C: ", "cannot carry word 4 of the command; set LC_ALL=C.UTF-8, ")
                .doesNotContain("ller");
        assertThat(terraform.calls()).isEmpty();
    }

    @Test
    void soAreWordsFromTheEnvironmentAndWhatTheLogWouldKeep() throws Exception {
        Ended variable = shell("export TF_CLI_ARGS=-var=x=Müller", RUN + " -- ./terraform apply -auto-approve");
        assertThat(variable.exit()).as(variable.said()).isEqualTo(125);
        assertThat(variable.said()).contains("cannot carry TF_CLI_ARGS;", "(LC_ALL and LANG are not set: ");
        Ended reason = shell("export LANG=C", RUN + " --reason Störung -- ./terraform apply -auto-approve");
        assertThat(reason.exit()).as(reason.said()).isEqualTo(125);
        assertThat(reason.said()).contains("(LANG=C: ", "cannot carry --reason;");
        assertThat(terraform.calls()).isEmpty();
    }

    @Test
    void theSpoolsNameIsSaidToBeTheLocalesFault() throws Exception {
        Ended ended = shell("export LC_ALL=C TERRASEAL_SPOOL=Mü", RUN + " -- ./terraform apply -auto-approve");
        assertThat(ended.exit()).as(ended.said()).isEqualTo(125);
        assertThat(ended.said()).contains("set LC_ALL=C.UTF-8");
    }

    @Test
    void aLocaleThatOurLauncherSetIsTakenBackForTerraform() throws Exception {
        Ended unset = shell("export LC_ALL=C.UTF-8 TERRASEAL_LC_ALL=", RUN + " -- ./terraform console -var x=Müller");
        assertThat(unset.exit()).as(unset.said()).isEqualTo(7);
        assertThat(terraform.calls()).containsExactly("console -var x=Müller");
        assertThat(environment()).doesNotContain("LC_ALL");
        Ended posix = shell("export LC_ALL=C.UTF-8 TERRASEAL_LC_ALL=POSIX", RUN + " -- ./terraform console");
        assertThat(posix.exit()).as(posix.said()).isEqualTo(7);
        assertThat(environment()).contains("LC_ALL=POSIX\n").doesNotContain("TERRASEAL_LC_ALL");
    }

    @Test
    void aWordThatBeginsWithAnAtIsAWord() throws Exception {
        Files.writeString(directory.resolve("alice"), "-destroy\n");
        Ended ended = shell(RUN + " --requested-by @alice -- ./terraform console -var @alice @@y");
        assertThat(ended.exit()).as(ended.said()).isEqualTo(7);
        assertThat(terraform.calls()).containsExactly("console -var @alice @@y");
    }
}
