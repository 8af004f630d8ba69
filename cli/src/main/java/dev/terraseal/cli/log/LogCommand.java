package dev.terraseal.cli.log;

import dev.terraseal.cli.ArchiveOption;
import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.ExitCode;
import dev.terraseal.cli.LogResumeCommand;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.store.ArchiveReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code terraseal log}. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        description = "Look at the log (verified while it is read), begin a new one, or take one up from its archive.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"%nExample: terraseal log list"},
        subcommands = {
            LogInitCommand.class,
            LogResumeCommand.class,
            LogCommand.ListEntries.class,
            LogCommand.Show.class,
            TailCommand.class
        })
public final class LogCommand {

    /** One line an entry. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "One line an entry, oldest first.",
            footer = {"%nExample: terraseal log list --stream acme/infra/prod --limit 20"})
    public static final class ListEntries implements Callable<Integer> {
        @Mixin
        ArchiveOption archive = new ArchiveOption();

        @Option(names = "--from", defaultValue = "0", description = "First sequence (default: ${DEFAULT-VALUE}).")
        SequenceNumber from;

        @Option(names = "--limit", defaultValue = "1000", description = "At most so many (default: ${DEFAULT-VALUE}).")
        long limit;

        @Option(names = "--stream", description = "Only this stream.")
        @Nullable String stream;

        @Option(
                names = "--json",
                description = "A JSON line an entry: {entryHash, finding?, sequence, statement, type}.")
        boolean json;

        @Spec
        CommandSpec spec;

        @Override
        public Integer call() throws CommandFailedException, IOException {
            PrintWriter out = spec.commandLine().getOut();
            Tally tally = new Tally();
            StreamId only = stream(stream);
            try (ArchiveReader reader = archive.open()) {
                new ArchivedLog(reader).read(from, entry -> {
                    if (only == null || entry.statement().stream().equals(only)) {
                        out.println(json ? asJson(entry) : EntryText.line(entry));
                        tally.shown++;
                    }
                    tally.broken += entry.holds() ? 0 : 1;
                    return tally.shown < limit;
                });
            }
            out.flush();
            return tally.exit(spec);
        }
    }

    /** The story of one entry. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "The story of one entry in ten lines.",
            footer = {"%nExample: terraseal log show 42"})
    public static final class Show implements Callable<Integer> {
        @Mixin
        ArchiveOption archive = new ArchiveOption();

        @Parameters(paramLabel = "SEQ", description = "Its sequence.")
        long sequence;

        @Option(names = "--json", description = "The statement's exact bytes.")
        boolean json;

        @Spec
        CommandSpec spec;

        @Override
        public Integer call() throws CommandFailedException, IOException {
            PrintWriter out = spec.commandLine().getOut();
            Tally tally = new Tally();
            // One earlier, so that the link to it is checked too.
            SequenceNumber from = new SequenceNumber(Math.max(0, sequence - 1));
            try (ArchiveReader reader = archive.open()) {
                new ArchivedLog(reader).read(from, entry -> {
                    if (entry.statement().sequence().value() == sequence) {
                        if (json) {
                            out.println(entry.statement().bytes().utf8());
                        } else {
                            EntryText.story(entry).forEach(out::println);
                        }
                        tally.shown++;
                        tally.broken += entry.holds() ? 0 : 1;
                    }
                    return tally.shown == 0;
                });
            }
            out.flush();
            if (tally.shown == 0) {
                throw CommandFailedException.usage(
                        "the archive has no entry " + sequence + " yet; terraseal log list shows what is there");
            }
            return tally.exit(spec);
        }
    }

    static @Nullable StreamId stream(@Nullable String text) throws CommandFailedException {
        try {
            return text == null ? null : new StreamId(text);
        } catch (IllegalArgumentException wrong) {
            throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
        }
    }

    /** Counts what was shown and what did not hold. */
    static final class Tally {
        long shown;
        long broken;

        int exit(CommandSpec spec) {
            if (broken == 0) {
                return ExitCode.OK;
            }
            spec.commandLine()
                    .getErr()
                    .println(broken + " of the entries read do not hold; run terraseal verify on the archive (4)");
            return ExitCode.VERIFICATION_FAILED;
        }
    }

    static String asJson(ReadEntry entry) {
        Statement statement = entry.statement();
        return Json.obj()
                .put("entryHash", statement.entryHash())
                .putIfPresent("finding", entry.holds() ? null : EntryText.plain(entry.finding()))
                .put("sequence", statement.sequence().value())
                .put("statement", dev.terraseal.core.canonical.CanonicalJson.parse(statement.bytes()))
                .put("type", statement.type().uri().substring(PredicateType.PREFIX.length()))
                .build()
                .bytes()
                .utf8();
    }
}
