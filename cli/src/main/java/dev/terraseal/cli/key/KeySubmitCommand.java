package dev.terraseal.cli.key;

import dev.terraseal.cli.ArchiveOption;
import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.ExitCode;
import dev.terraseal.core.log.KeyHistory;
import dev.terraseal.keys.change.PendingChange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code terraseal key submit}. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description =
                "Sends a signed change to the log and waits until a checkpoint covers it. Sending it again is safe.",
        footer = {"%nExample: terraseal key submit change.json --data /srv/terraseal"})
final class KeySubmitCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The change, signed by the authority.")
    Path file;

    @Mixin
    ArchiveOption archive = new ArchiveOption();

    @Mixin
    Sending sending = new Sending();

    @Option(names = "--json", description = "{entry, keys[], revoked[]}")
    boolean json;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        KnownLog known = KnownLog.read(archive);
        PendingChange change = KeySignCommand.read(file);
        for (KeyHistory.At each : known.history().events()) {
            if (each.event().authorisation().payload().equals(change.payload())) {
                return done(change, each.index().value());
            }
        }
        ChangeOptions.requireAuthorised(known, change);
        return done(change, sending.send(change, archive, file));
    }

    private int done(PendingChange change, long entry) {
        new ChangeText(change).print(entry, json, spec.commandLine().getOut());
        return ExitCode.OK;
    }
}
