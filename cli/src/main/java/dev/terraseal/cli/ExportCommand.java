package dev.terraseal.cli;

import dev.terraseal.archiver.recovery.ArchivedKeys;
import dev.terraseal.cli.log.ArchivedLog;
import dev.terraseal.cli.up.LogInstance;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TlogPolicy;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.export.ExportException;
import dev.terraseal.export.ExportRequest;
import dev.terraseal.export.Exported;
import dev.terraseal.export.Exporter;
import dev.terraseal.export.Selection;
import dev.terraseal.keys.KeySource;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.Providers;
import dev.terraseal.keys.local.LocalKeys;
import dev.terraseal.run.client.LogServer;
import dev.terraseal.store.ArchiveReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code terraseal export}. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a bundle for an auditor: a directory, or one zip if the name ends in .zip.",
            "A running server is asked for a heads entry first, so that the end of every stream is provable.",
            "In it: the artifacts with their signatures and proofs, population.csv, report.html, and README.txt, which",
            "checks them with openssl and sha256sum. Without a selection it is the whole log.",
            "Exit codes: 0 written; 2 that cannot be exported; 3 not yet (the message says what is waited for), or the",
            "archive, the server or the key is not there; 4 the archive is damaged."
        },
        footer = {
            "%nExamples:",
            "  terraseal export --out acme-2026q3.zip --since 2026-07-01T00:00:00.000Z --until 2026-10-01T00:00:00.000Z",
            "  terraseal export --out prod.zip --stream acme/infra/prod",
            "  terraseal export --out sample.zip --from 0 --to 5000 --sample 25 --seed 4f1c",
            "  terraseal export --out all --data /srv/terraseal"
        })
public final class ExportCommand implements Callable<Integer> {
    @Mixin
    ArchiveOption archive = new ArchiveOption();

    @Option(names = "--out", required = true, paramLabel = "X[.zip]", description = "The bundle; it must not exist.")
    Path out;

    @Option(names = "--from", paramLabel = "N", description = "First sequence of a range.")
    @Nullable Long from;

    @Option(names = "--to", paramLabel = "M", description = "End of the range, exclusive.")
    @Nullable Long to;

    @Option(names = "--since", paramLabel = "T", description = "Received at or after (YYYY-MM-DDTHH:MM:SS.mmmZ).")
    @Nullable String since;

    @Option(names = "--until", paramLabel = "T", description = "Received before.")
    @Nullable String until;

    @Option(
            names = "--stream",
            paramLabel = "S",
            description = "Every entry of this stream up to the newest heads entry, which proves that these are all.")
    @Nullable String stream;

    @Option(
            names = "--sample",
            paramLabel = "K",
            description = "K entries drawn from what is selected; who has the seed draws them again.")
    @Nullable Long sample;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "The seed of --sample, best chosen by the auditor: letters, digits, . _ -")
    @Nullable String seed;

    @Option(
            names = "--address",
            paramLabel = "A",
            description = "The applies that changed this resource; completeness is not proven.")
    @Nullable String address;

    @Option(
            names = "--from-checkpoint",
            paramLabel = "FILE|SIZE",
            description = "Connect with an older checkpoint the reader has; as often as there are such.")
    List<String> fromCheckpoint = new ArrayList<>();

    @Option(
            names = "--envelopes",
            description = "Also attestations.intoto.jsonl: a DSSE envelope of every artifact signed by itself.")
    boolean envelopes;

    @Option(
            names = "--witnesses",
            paramLabel = "POLICY",
            description =
                    "The witnesses' keys (tlog-policy): a line in their name is taken into the bundle only if it holds.")
    @Nullable Path witnesses;

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            description = "Where the export key is (default: that of the data directory).")
    @Nullable Path keys;

    @Mixin
    ServerOption server = new ServerOption();

    @Option(names = "--json", description = "{bundle, checkpointSize, count, first, genesis, last, remarks}")
    boolean json;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        Optional<LogServer> asked = server.known(archive);
        asked.flatMap(LogServer::exposure).ifPresent(warning -> err.println("terraseal: " + warning));
        String heads = asked.isEmpty()
                ? "no server is known; exporting up to the last archived checkpoint"
                : new HeadsRequest(asked.get()).ask();
        if (!heads.isEmpty()) {
            err.println("terraseal: " + heads);
        }
        ExportRequest request = request();
        try (ArchiveReader reader = archive.open();
                KeySource source =
                        new LocalKeys(keys != null ? keys : archive.directory().keys());
                ProgressBar bar = new ProgressBar(err)) {
            LogDeclaration log = new ArchivedLog(reader).declaration();
            KeyRing ring = new ArchivedKeys(reader, log, new SignatureChecker(Providers.fast()))
                    .read()
                    .ring();
            MessageSigner exportKey = source.signer(
                    ring.signing(KeyUse.EXPORT, new SequenceNumber(LogInstance.archivedSize(log, reader))));
            Exported exported = new Exporter(
                            reader,
                            exportKey,
                            new SignatureChecker(Providers.fast()),
                            Clock.systemUTC(),
                            Terraseal.Version.TEXT,
                            bar::at,
                            ProductDocs.all())
                    .export(request);
            bar.clear();
            say(exported);
            return ExitCode.OK;
        } catch (ExportException refused) {
            throw failed(refused);
        } catch (KeyUnavailableException | SigningException noKey) {
            throw CommandFailedException.unavailable(
                    noKey.getMessage() + " (the bundle is sealed by the log's export key: --keys DIR)", noKey);
        }
    }

    /** A script has to tell a damaged archive, and one to ask again later, from a wrong option. */
    static CommandFailedException failed(ExportException refused) {
        int code = switch (refused.kind()) {
            case ASKED -> ExitCode.USAGE;
            case NOT_YET -> ExitCode.UNAVAILABLE;
            case BROKEN -> ExitCode.VERIFICATION_FAILED;
        };
        return CommandFailedException.withExit(code, String.valueOf(refused.getMessage()));
    }

    ExportRequest request() throws CommandFailedException, IOException {
        List<SignedNote> notes = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        try {
            for (String text : fromCheckpoint) {
                if (text.chars().allMatch(Character::isDigit)) {
                    sizes.add(Long.parseLong(text));
                } else {
                    notes.add(checkpoint(Path.of(text)));
                }
            }
            return new ExportRequest(out, selection(), notes, sizes, envelopes, witnessKeys());
        } catch (NoteException | IllegalArgumentException wrong) {
            throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
        }
    }

    private static SignedNote checkpoint(Path file) throws CommandFailedException {
        try {
            return SignedNote.parse(Bytes.wrap(Files.readAllBytes(file)));
        } catch (IOException | NoteException unreadable) {
            throw CommandFailedException.usage("--from-checkpoint: " + file + " "
                    + (Files.exists(file) ? "is no checkpoint: " + unreadable.getMessage() : "is not there")
                    + "; give a file with a checkpoint of this log, or its size");
        }
    }

    private List<VerifierKey> witnessKeys() throws IOException, NoteException {
        return witnesses == null
                ? List.of()
                : TlogPolicy.parse(Bytes.wrap(Files.readAllBytes(witnesses))).witnesses();
    }

    private Selection selection() throws CommandFailedException {
        if ((sample == null) != (seed == null)) {
            throw CommandFailedException.usage("--sample and --seed go together");
        }
        Selection population = population();
        return sample == null || seed == null ? population : new Selection.Sample(population, sample, seed);
    }

    private Selection population() throws CommandFailedException {
        boolean range = from != null || to != null;
        boolean times = since != null || until != null;
        int asked = (range ? 1 : 0) + (times ? 1 : 0) + (address != null ? 1 : 0) + (stream != null ? 1 : 0);
        if (asked > 1) {
            throw CommandFailedException.usage("give one of --from/--to, --stream, --since/--until, --address");
        }
        if (stream != null) {
            return new Selection.Stream(new StreamId(stream));
        }
        if (address != null) {
            return new Selection.Address(address);
        }
        if (range) {
            if (to == null) {
                throw CommandFailedException.usage("--from needs --to, the first sequence that is not exported");
            }
            return new Selection.Range(from == null ? 0 : from, to);
        }
        if (times) {
            Timestamp first = since == null ? new Timestamp(0) : Timestamp.parse(since);
            Timestamp end = until == null ? Timestamp.parse("9999-12-31T23:59:59.999Z") : Timestamp.parse(until);
            return new Selection.Received(first, end);
        }
        return new Selection.All();
    }

    private void say(Exported exported) {
        PrintWriter text = spec.commandLine().getOut();
        if (json) {
            text.println(Json.obj()
                    .put("bundle", exported.path().toString())
                    .put("checkpointSize", exported.checkpointSize())
                    .put("count", exported.count())
                    .put("first", exported.first())
                    .put("genesis", exported.genesis())
                    .put("last", exported.last())
                    .put("remarks", Json.texts(exported.remarks()))
                    .build()
                    .bytes()
                    .utf8());
        } else {
            text.println(exported.path() + ": " + exported.count() + " entries, " + exported.first() + " to "
                    + exported.last() + ", under the checkpoint of size " + exported.checkpointSize());
            exported.remarks().forEach(text::println);
            if (exported.insteadOfZip() != null) {
                text.println("a directory and no zip: " + exported.insteadOfZip());
            }
            text.println("the reader checks it with: terraseal verify " + exported.path() + " --genesis "
                    + exported.genesis() + ", and has the genesis from elsewhere");
        }
        text.flush();
    }
}
