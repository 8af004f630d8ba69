package dev.terraseal.run;

import dev.terraseal.run.command.Caller;
import dev.terraseal.run.command.ReceiptCommand;
import dev.terraseal.run.command.RunCommand;
import dev.terraseal.run.command.SpoolCommand;
import dev.terraseal.run.command.SubmitCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code terraseal-run.jar}: the commands a CI runner needs, with nothing but HTTP inside. */
@Command(
        name = "terraseal-run",
        mixinStandardHelpOptions = true,
        version = "terraseal-run 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = "Evidence of every terraform apply.")
public final class RunMain {
    private static final int OUTSIDE = 3;

    private RunMain() {}

    public static void main(String[] arguments) {
        System.exit(commandLine(Caller.ofProcess()).execute(arguments));
    }

    /** The commands on {@code caller}. An error nobody foresaw is one line and exit 3. */
    static CommandLine commandLine(Caller caller) {
        CommandLine root = new CommandLine(new RunMain())
                .addSubcommand(new RunCommand(caller))
                .addSubcommand(new SubmitCommand(caller))
                .addSubcommand(new ReceiptCommand(caller))
                .addSubcommand(new SpoolCommand(caller));
        root.setCaseInsensitiveEnumValuesAllowed(true);
        // A word that begins with @ is terraform's, or a name; picocli would put a file's content in its place.
        root.setExpandAtFiles(false);
        root.setExecutionExceptionHandler((failure, command, parsed) -> {
            caller.terminal().say(failure.getClass().getSimpleName() + ": " + failure.getMessage());
            return Math.max(OUTSIDE, command.getCommandSpec().exitCodeOnExecutionException());
        });
        return root;
    }
}
