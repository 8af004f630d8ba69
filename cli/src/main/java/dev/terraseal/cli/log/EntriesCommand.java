package dev.terraseal.cli.log;

import picocli.CommandLine.Command;

/** {@code terraseal entries}: the same as {@code log}, for whom "log" means a file of messages. */
@Command(
        name = "entries",
        mixinStandardHelpOptions = true,
        description = "Alias of log.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"%nExample: terraseal entries list"},
        subcommands = {LogCommand.ListEntries.class, LogCommand.Show.class, TailCommand.class})
public final class EntriesCommand {}
