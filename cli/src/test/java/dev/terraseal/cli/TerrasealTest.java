package dev.terraseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class TerrasealTest {
    private static final Pattern MENTION =
            Pattern.compile("(?m)(?:^|Example: |[`'\"(] *| {2,})terraseal ([a-z]+)(?: ([a-z]+))?");

    private final StringWriter err = new StringWriter();

    private CommandLine command() {
        return Terraseal.command().setErr(new PrintWriter(err)).setOut(new PrintWriter(new StringWriter()));
    }

    private static List<CommandLine> all(CommandLine from) {
        List<CommandLine> all = new ArrayList<>(List.of(from));
        from.getSubcommands().values().stream().distinct().forEach(sub -> all.addAll(all(sub)));
        all.removeIf(one -> one.getCommandName().equals("help"));
        return all;
    }

    @Test
    void helpOnEveryLevelSaysWhatItDoesAndShowsAnExample() {
        List<String> without = new ArrayList<>();
        for (CommandLine one : all(command())) {
            String name = one.getCommandSpec().qualifiedName();
            assertThat(one.getCommandSpec().usageMessage().description())
                    .as(name)
                    .isNotEmpty();
            // verify and tlog print the verifier's own help.
            boolean another = List.of("terraseal verify", "terraseal tlog").contains(name);
            assertThat(another || one.getCommandSpec().optionsMap().containsKey("--help"))
                    .as(name + " --help")
                    .isTrue();
            if (!another
                    && !String.join("\n", one.getCommandSpec().usageMessage().footer())
                            .contains("terraseal ")) {
                without.add(name);
            }
        }
        assertThat(without).as("commands without an example").isEmpty();
    }

    @Test
    void noHelpNamesACommandThatDoesNotExist() {
        CommandLine root = command();
        for (CommandLine one : all(root)) {
            Matcher mention = MENTION.matcher(one.getUsageMessage(CommandLine.Help.Ansi.OFF));
            while (mention.find()) {
                assertThat(root.getSubcommands()).as(mention.group()).containsKey(mention.group(1));
            }
        }
    }

    @Test
    void anUnknownOptionIsWrongUsageAndPointsToTheHelp() {
        assertThat(command().execute("log", "list", "--no-such-option")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--no-such-option", "See: terraseal log list --help");
    }

    /** Terraform has words of that kind, and so may names. */
    @Test
    void aWordThatBeginsWithAnAtIsNoFileToReadWordsFrom(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("alice"), "--no-such-option\n");
        assertThat(command().execute("log", "list", "@" + file)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("'@" + file + "'").doesNotContain("--no-such-option");
    }

    @Test
    void anUnknownCommandIsWrongUsage() {
        assertThat(command().execute("audit")).isEqualTo(ExitCode.USAGE);
    }

    /** What a person mistyped is one line, and no trace. */
    @Test
    void anAddressAFileAndANumberThatAreWrongAreSaidInOneLine() {
        assertThat(command().execute("topics", "check", "--set", "kafka.bootstrap=no-such-host.invalid:9092"))
                .isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(err.toString()).contains("no-such-host.invalid:9092", "kafka.bootstrap");
        assertThat(command().execute("log", "list", "--from", "-1")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("'-1' is no sequence");
        assertThat(command().execute("export", "--out", "x", "--from-checkpoint", "/no/such/file"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--from-checkpoint: /no/such/file is not there");
        assertThat(command().execute("export", "--out", "x", "--server", "localhost:8480"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("http://host:port").doesNotContain("internal error");
    }

    @Command(name = "broken")
    static final class Broken implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new IllegalStateException("broken");
        }
    }

    @Test
    void anInternalErrorIsNeverTheCodeOfAPolicyThatSaysNo() {
        CommandLine command = command();
        command.addSubcommand(new Broken());
        command.setErr(new PrintWriter(err));
        assertThat(command.execute("broken")).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(err.toString()).contains("internal error");
    }
}
