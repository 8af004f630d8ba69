package dev.terraseal.cli.key;

import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.core.log.KeyEvent;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code terraseal key rotate}. */
@Command(
        name = "rotate",
        mixinStandardHelpOptions = true,
        description = "Brings in a new key and retires the ones of that use. What the old ones signed stays valid.",
        footer = {
            "%nExample: terraseal key rotate --key awskms://arn:aws:kms:… --key-policy policy.json --authority authority.pem --reason yearly"
        })
final class KeyRotateCommand implements Callable<Integer> {
    @Mixin
    NewKey newKey = new NewKey();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        return newKey.run(KeyEvent.Action.ROTATE, spec.commandLine().getOut());
    }
}
