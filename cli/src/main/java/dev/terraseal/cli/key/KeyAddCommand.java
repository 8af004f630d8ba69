package dev.terraseal.cli.key;

import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.core.log.KeyEvent;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code terraseal key add}. */
@Command(
        name = "add",
        mixinStandardHelpOptions = true,
        description = {
            "Brings in a further key; the ones there stay in force. The service that holds it signs with the newest.",
            "An ML-DSA key signs beside the newest of the others: from then on every statement has two signatures."
        },
        footer = {
            "%nExamples: terraseal key add --use ingest --authority authority.pem --reason \"second site\"",
            "          terraseal key add --algorithm ML_DSA_65 --authority authority.pem --reason \"second signature\""
        })
final class KeyAddCommand implements Callable<Integer> {
    @Mixin
    NewKey newKey = new NewKey();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        return newKey.run(KeyEvent.Action.ADD, spec.commandLine().getOut());
    }
}
