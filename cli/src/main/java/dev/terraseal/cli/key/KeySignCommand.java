package dev.terraseal.cli.key;

import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.ExitCode;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.keys.change.PendingChange;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code terraseal key sign}: the part that happens where the authority's key is. */
@Command(
        name = "sign",
        mixinStandardHelpOptions = true,
        description = {
            "Adds the authority's signature to a change made by --out. It reads no log and opens no connection (but to KMS, if",
            "that is where the key is). What it prints is what is signed: compare it with what was agreed; with --look nothing",
            "is signed."
        },
        footer = {"%nExample: terraseal key sign change.json --authority /media/usb/authority-7d1f….pem"})
final class KeySignCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The change; the signature is added to it.")
    Path file;

    @Mixin
    AuthorityKeys authority = new AuthorityKeys();

    @Option(names = "--look", description = "Prints what the change says and who signed it, and signs nothing.")
    boolean look;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException, IOException {
        PrintWriter out = spec.commandLine().getOut();
        PendingChange change = read(file);
        if (look) {
            new ChangeText(change).lines().forEach(out::println);
            out.flush();
            return ExitCode.OK;
        }
        if (!authority.given()) {
            throw CommandFailedException.usage(
                    "give the authority's key: --authority PLACE (or --look to sign nothing)");
        }
        PendingChange signed = authority.sign(change);
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.write(temporary, signed.file().toByteArray());
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        new ChangeText(signed).lines().forEach(out::println);
        out.println("wrote " + file + "; where the log is: terraseal key submit " + file);
        out.flush();
        return ExitCode.OK;
    }

    static PendingChange read(Path file) throws CommandFailedException, IOException {
        try {
            return PendingChange.parse(Bytes.wrap(Files.readAllBytes(file)));
        } catch (NoSuchFileException missing) {
            throw CommandFailedException.usage(file + " does not exist; terraseal key rotate --out makes one");
        } catch (IllegalArgumentException notOne) {
            throw CommandFailedException.usage(file + " is no key change: " + notOne.getMessage());
        }
    }
}
