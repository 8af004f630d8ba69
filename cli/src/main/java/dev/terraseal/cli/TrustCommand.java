package dev.terraseal.cli;

import dev.terraseal.archiver.recovery.ArchivedKeys;
import dev.terraseal.cli.log.ArchivedLog;
import dev.terraseal.cli.up.LogInstance;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code terraseal trust}. */
@Command(
        name = "trust",
        mixinStandardHelpOptions = true,
        description = "The one value an auditor pins.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"%nExample: terraseal trust show"},
        subcommands = {TrustCommand.Show.class, TrustCommand.Export.class})
public final class TrustCommand {
    /** Prints the genesis. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Prints the genesis, for a signed tag, a DNS record, a contract or the phone.",
            footer = {"%nExample: terraseal trust show --data /srv/terraseal"})
    public static final class Show implements Callable<Integer> {
        @Mixin
        ArchiveOption archive = new ArchiveOption();

        @Option(names = "--json", description = "{genesis, keys, logKey, origin}")
        boolean json;

        @Spec
        CommandSpec spec;

        @Override
        public Integer call() throws CommandFailedException, IOException {
            PrintWriter out = spec.commandLine().getOut();
            LogDeclaration log = declaration(archive);
            DeclaredKey logKey = logKey(archive);
            String vkey = VerifierKey.ofLog(log.origin(), logKey).text();
            if (json) {
                out.println(Json.obj()
                        .put("genesis", log.genesis())
                        .put("keys", keys(log))
                        .put("logKey", vkey)
                        .put("origin", log.origin().value())
                        .build()
                        .bytes()
                        .utf8());
            } else {
                out.println("origin  " + log.origin());
                out.println("genesis " + log.genesis());
                out.println("log key " + vkey);
                for (DeclaredKey key : log.keys()) {
                    out.println(String.format("key     %-9s %-26s %s", key.use().text(), key.algorithm(), key.keyid()));
                }
                out.println();
                out.println("Give the genesis to whoever verifies by a way of its own. They run:");
                out.println("  terraseal verify BUNDLE --genesis " + log.genesis());
            }
            out.flush();
            return ExitCode.OK;
        }
    }

    private static Json.Arr keys(LogDeclaration log) {
        List<Json> keys = new ArrayList<>();
        for (DeclaredKey key : log.keys()) {
            keys.add(Json.obj()
                    .put("algorithm", key.algorithm().name())
                    .put("keyid", key.keyid().hex())
                    .put("use", key.use().text())
                    .build());
        }
        return Json.arr(keys);
    }

    /** Writes a trust file that pins origin and genesis. */
    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description =
                    "Writes a trust file with origin and genesis, for verify --trust; add requirements to it by hand.",
            footer = {"%nExample: terraseal trust export --out acme.trust.json"})
    public static final class Export implements Callable<Integer> {
        @Mixin
        ArchiveOption archive = new ArchiveOption();

        @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file; it must not exist.")
        Path file;

        @Spec
        CommandSpec spec;

        @Override
        public Integer call() throws CommandFailedException, IOException {
            LogDeclaration log = declaration(archive);
            String text = Json.obj()
                    .put("format", 1)
                    .put("genesis", log.genesis())
                    .put("origin", log.origin().value())
                    .build()
                    .bytes()
                    .utf8();
            try {
                Files.writeString(file, text + "\n", StandardOpenOption.CREATE_NEW);
            } catch (java.nio.file.FileAlreadyExistsException there) {
                throw CommandFailedException.usage(file + " exists; a trust file is never overwritten");
            }
            spec.commandLine().getOut().println("wrote " + file);
            return ExitCode.OK;
        }
    }

    /** The one that signs checkpoints now. */
    private static DeclaredKey logKey(ArchiveOption archive) throws CommandFailedException, IOException {
        try (ArchiveReader reader = archive.open()) {
            LogDeclaration log = new ArchivedLog(reader).declaration();
            SequenceNumber next = new SequenceNumber(LogInstance.archivedSize(log, reader));
            return new ArchivedKeys(reader, log, new SignatureChecker(Providers.fast()))
                    .read()
                    .ring()
                    .signingTogether(KeyUse.LOG, next)
                    .get(0)
                    .get(0);
        }
    }

    private static LogDeclaration declaration(ArchiveOption archive) throws CommandFailedException, IOException {
        try (ArchiveReader reader = archive.open()) {
            return new ArchivedLog(reader).declaration();
        }
    }
}
