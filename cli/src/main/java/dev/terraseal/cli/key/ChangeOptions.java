package dev.terraseal.cli.key;

import dev.terraseal.cli.ArchiveOption;
import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.ExitCode;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyChange;
import dev.terraseal.core.log.KeyRing.UnauthorisedException;
import dev.terraseal.keys.Providers;
import dev.terraseal.keys.change.ChangeRules;
import dev.terraseal.keys.change.PendingChange;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What add, rotate and revoke have in common: the log, who signs, and where the change goes. */
final class ChangeOptions {
    @Mixin
    ArchiveOption archive = new ArchiveOption();

    @Mixin
    AuthorityKeys authority = new AuthorityKeys();

    @Mixin
    Sending sending = new Sending();

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "TEXT",
            description = "Why; it is in the log for ever, so no names of people.")
    String reason;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Writes the change to a file instead of sending it, for terraseal key sign and submit.")
    @Nullable Path out;

    @Option(names = "--json", description = "{entry, keys[], revoked[]} or {out}")
    boolean json;

    /** Before anything is made: whether there is a way for the change to go. */
    void require() throws CommandFailedException {
        if (out == null && !authority.given()) {
            throw CommandFailedException.usage(
                    "a change of keys is signed by the log's authority: give --authority PLACE,"
                            + " or --out FILE to have it signed elsewhere");
        }
        if (out != null && Files.exists(out)) {
            throw CommandFailedException.usage(out + " exists; name a file that does not");
        }
    }

    /** The change with the authority's signatures, as far as its keys are here. */
    PendingChange sign(PendingChange change) throws CommandFailedException, IOException {
        return authority.sign(change);
    }

    /** To the file, or to the log. */
    int finish(KnownLog known, PendingChange change, PrintWriter text)
            throws CommandFailedException, IOException, InterruptedException {
        Path file = out;
        if (file != null) {
            write(file, change);
            text.println(
                    json
                            ? Json.obj()
                                    .put("out", file.toString())
                                    .build()
                                    .bytes()
                                    .utf8()
                            : advice(file));
            text.flush();
            return ExitCode.OK;
        }
        requireAuthorised(known, change);
        Path kept = keptFile(change);
        Files.write(kept, change.file().toByteArray());
        try {
            new ChangeText(change).print(sending.send(change, archive, kept), json, text);
        } catch (CommandFailedException failed) {
            if (failed.exitCode() == ExitCode.USAGE) {
                // The log refused it, and will do so again.
                Files.deleteIfExists(kept);
            }
            throw failed;
        }
        Files.deleteIfExists(kept);
        return ExitCode.OK;
    }

    /**
     * Where the change lies until it is known to be in the log. The same command again would make another one, with another
     * key and another signature of an authority that may be back in its safe.
     */
    private static Path keptFile(PendingChange change) {
        Path here = Path.of("").toAbsolutePath();
        Path place = Files.isWritable(here) ? here : Path.of(System.getProperty("java.io.tmpdir", "."));
        return place.resolve(change.id().value() + ".json");
    }

    private static String advice(Path file) {
        return "wrote " + file + ". Where the authority's key is: terraseal key sign " + file
                + " --authority PLACE; then here: terraseal key submit " + file;
    }

    /** What the log would refuse is not sent, and the message says who has to sign. */
    static void requireAuthorised(KnownLog known, PendingChange change) throws CommandFailedException {
        try {
            new ChangeRules(known.keys(), known.next())
                    .requireAuthorised(change, new SignatureChecker(Providers.fast()));
        } catch (UnauthorisedException refused) {
            throw CommandFailedException.usage(refused.getMessage()
                    + ". If it is signed by too few, terraseal key sign adds a signature; if the log's keys changed since,"
                    + " make the change anew");
        } catch (UncheckableException missing) {
            throw CommandFailedException.unavailable(String.valueOf(missing.getMessage()), missing);
        }
    }

    private static void write(Path file, PendingChange change) throws CommandFailedException, IOException {
        Bytes content = change.file();
        try {
            Files.write(file, content.toByteArray(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException there) {
            throw CommandFailedException.usage(file + " exists; name a file that does not");
        }
    }

    /** The change nobody signed yet, after the rules let it pass. */
    static PendingChange pending(KnownLog known, KeyChange change) throws CommandFailedException {
        try {
            new ChangeRules(known.keys(), known.next()).require(change);
        } catch (IllegalArgumentException wrong) {
            throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
        }
        return new PendingChange(
                change.payload(known.log().genesis(), known.keys().previous()), java.util.List.of());
    }
}
