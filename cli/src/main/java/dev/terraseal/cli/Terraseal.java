package dev.terraseal.cli;

import dev.terraseal.cli.demo.DemoCommand;
import dev.terraseal.cli.key.KeyCommand;
import dev.terraseal.cli.log.EntriesCommand;
import dev.terraseal.cli.log.LogCommand;
import dev.terraseal.cli.log.RejectedCommand;
import dev.terraseal.cli.up.UpCommand;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.run.command.Caller;
import dev.terraseal.run.command.ReceiptCommand;
import dev.terraseal.run.command.RunCommand;
import dev.terraseal.run.command.SpoolCommand;
import dev.terraseal.run.command.SubmitCommand;
import dev.terraseal.settings.FileFailure;
import dev.terraseal.verifier.Main;
import java.io.IOException;
import java.io.PrintWriter;
import org.apache.kafka.common.KafkaException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command. Exit codes are those of docs/formats.md section 9; an internal error is 3, never 1. */
@Command(
        name = "terraseal",
        mixinStandardHelpOptions = true,
        versionProvider = Terraseal.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Evidence for deployments: every terraform apply a signed entry in one strictly ordered log.",
        footerHeading = "%nWhich check is for what:%n",
        footer = {
            "  a file I was given      terraseal verify PATH --genesis HEX",
            "  my own store            terraseal audit s3://bucket/log --genesis HEX",
            "  any C2SP log            terraseal tlog fsck DIR --key VKEY",
            "  my set-up               terraseal doctor --set archive=s3://bucket/log",
            "",
            "First steps:",
            "  terraseal demo                                   see it",
            "  terraseal up                                     run it on this machine",
            "  terraseal run -- terraform apply                 attest an apply"
        },
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            LogCommand.class,
            EntriesCommand.class,
            RejectedCommand.class,
            ExportCommand.class,
            VerifyCommand.class,
            TlogCommand.class,
            KeyCommand.class,
            TrustCommand.class,
            AuditCommand.class,
            DoctorCommand.class,
            TopicsCommand.class,
            ServiceCommands.Ingest.class,
            ServiceCommands.Sequencer.class,
            ServiceCommands.Signer.class,
            ServiceCommands.Archiver.class,
            WitnessCommand.class,
            BenchCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Terraseal {
    private Terraseal() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        if (args.length > 0 && (args[0].equals("verify") || args[0].equals("tlog"))) {
            // The verifier parses its own options: its jar must stand alone.
            return Main.run(args, System.out, System.err);
        }
        try {
            return command().execute(args);
        } catch (Error broken) {
            // A jar that is not whole, for example: the JVM would end with 1, which says that a policy said no.
            System.err.println("terraseal: internal error, please report it with the trace below");
            LoggerFactory.getLogger(Terraseal.class).error("event=internal-error", broken);
            return ExitCode.UNAVAILABLE;
        }
    }

    /** Every command but those the verifier parses itself. */
    static CommandLine command() {
        Caller caller = Caller.ofProcess();
        return new CommandLine(new Terraseal())
                .addSubcommand(new RunCommand(caller))
                .addSubcommand(new SubmitCommand(caller))
                .addSubcommand(new SpoolCommand(caller))
                .addSubcommand(new ReceiptCommand(caller))
                .registerConverter(SequenceNumber.class, Terraseal::sequence)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Terraseal::failed)
                .setParameterExceptionHandler(Terraseal::misused)
                .setUsageHelpAutoWidth(true)
                // A word that begins with @ is terraform's, or a name; picocli would put a file's content in its place.
                .setExpandAtFiles(false)
                .setAbbreviatedOptionsAllowed(false);
    }

    private static SequenceNumber sequence(String text) {
        try {
            return new SequenceNumber(Long.parseLong(text));
        } catch (IllegalArgumentException notOne) {
            throw new CommandLine.TypeConversionException("'" + text + "' is no sequence: a whole number from 0");
        }
    }

    private static int misused(CommandLine.ParameterException misuse, String[] args) {
        CommandLine command = misuse.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("terraseal: " + misuse.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(misuse, err);
        err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        // 2, but 125 for run, whose other codes are terraform's.
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int failed(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof CommandFailedException said) {
            err.println("terraseal: " + said.getMessage());
            return said.exitCode();
        }
        if (failure instanceof IOException outside) {
            err.println("terraseal: " + FileFailure.why(outside));
            return ExitCode.UNAVAILABLE;
        }
        if (failure instanceof KafkaUnavailableException || failure instanceof KafkaException) {
            err.println("terraseal: " + new KafkaUnavailableException("Kafka", failure).getMessage());
            return ExitCode.UNAVAILABLE;
        }
        err.println("terraseal: internal error, please report it with the trace below");
        err.flush();
        LoggerFactory.getLogger(Terraseal.class).error("event=internal-error", failure);
        return ExitCode.UNAVAILABLE;
    }

    /** The version of this build, from its jar or the build's own file. */
    public static final class Version implements CommandLine.IVersionProvider {
        public static final String TEXT = "0.1.0";

        @Override
        public String[] getVersion() {
            return new String[] {"terraseal " + TEXT};
        }
    }
}
