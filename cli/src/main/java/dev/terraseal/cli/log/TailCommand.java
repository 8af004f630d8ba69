package dev.terraseal.cli.log;

import dev.terraseal.cli.ArchiveOption;
import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.ExitCode;
import dev.terraseal.cli.ServerOption;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.run.client.LogServer;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code terraseal log tail}: entries as they are signed, from a running server, checked as they come. */
@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        description =
                "Entries as they are signed, from a running server, each checked before it is shown. Ends with Ctrl-C.",
        footer = {"%nExample: terraseal log tail --from 0 --json"})
final class TailCommand implements Callable<Integer> {
    @Mixin
    ArchiveOption archive = new ArchiveOption();

    @Option(names = "--from", description = "First sequence; 0 for the whole log (default: the newest entry).")
    @Nullable SequenceNumber from;

    @Mixin
    ServerOption server = new ServerOption();

    @Option(names = "--json", description = "A JSON line an entry.")
    boolean json;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        LogServer base = server.known(archive)
                .orElseThrow(() -> CommandFailedException.usage("no server is known for "
                        + archive.directory().root() + ": start terraseal up there, or give --server URL"));
        base.exposure().ifPresent(warning -> spec.commandLine().getErr().println("terraseal: " + warning));
        Optional<CommandFailedException> ended =
                new Tail(base, spec.commandLine().getOut(), json).from(from);
        if (ended.isPresent()) {
            throw ended.get();
        }
        return ExitCode.OK;
    }
}
