package dev.terraseal.cli;

import dev.terraseal.archiver.ArchivedEnd;
import dev.terraseal.archiver.ArchiverStoppedException;
import dev.terraseal.archiver.resume.LogResume;
import dev.terraseal.archiver.resume.ReceiptsAbove;
import dev.terraseal.archiver.resume.ResumeRefusedException;
import dev.terraseal.audit.Audit;
import dev.terraseal.audit.AuditReport;
import dev.terraseal.audit.WorkDirectory;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.embedded.BrokerUnavailableException;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.kafka.UndecidedTransactionException;
import dev.terraseal.kafka.UnsafeTopicsException;
import dev.terraseal.keys.Providers;
import dev.terraseal.schemas.registry.SchemaRefusedException;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.signer.FloorFile;
import dev.terraseal.signer.check.Floor;
import dev.terraseal.signer.check.RefusedEntryException;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.VersionedStore;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code terraseal log resume}: Kafka is gone, the archive is not, and the log goes on from it. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = {
            "Takes a log up from its archive where Kafka's data is gone for good: verifies the whole archive, then puts every",
            "entry back on empty topics, from which all services go on with the same log.",
            "Says what may be lost, and writes nothing without --yes. One that was interrupted goes on when it is run again.",
            "Needs log.json, and no key: it signs nothing. Stop all services of the log first."
        },
        footer = {
            "%nSettings, for services that run alone: those of the sequencer and the signer, archive, archive.s3.*.",
            "Examples:",
            "  terraseal log resume --data /srv/terraseal",
            "  terraseal log resume --data /srv/terraseal --archive s3://acme-evidence/prod --yes",
            "  terraseal log resume --set kafka.bootstrap=broker:9092 --set registry.url=http://registry:8081 \\",
            "      --archive s3://acme-evidence/prod --from-checkpoint seen.txt --yes"
        })
public final class LogResumeCommand implements Callable<Integer> {
    private static final long NOTE_MAX = 1 << 20;

    @Mixin
    SettingsOption settings = new SettingsOption();

    @Mixin
    ArchiveOption archive = new ArchiveOption();

    @Option(names = "--at-least", paramLabel = "SIZE", description = "Refuse an archive of fewer entries.")
    @Nullable Long atLeast;

    @Option(
            names = "--from-checkpoint",
            paramLabel = "FILE",
            description = {
                "Refuse an archive that does not continue this checkpoint, of a receipt, a bundle or a witness: an end that",
                "was cut off shows only so."
            })
    @Nullable Path fromCheckpoint;

    @Option(
            names = "--receipts",
            paramLabel = "PATH",
            description = {
                "Receipts (--receipts again for more, or a directory with *receipt.json) of entries that the log signed and",
                "the archive lost: those that continue it are taken up too. Each is verified; none may be left over."
            })
    List<Path> receipts = new ArrayList<>();

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description =
                    "Where the copies of an S3 archive lie while it is verified (default: a temporary directory).")
    @Nullable Path work;

    @Option(names = "--yes", description = "Write to Kafka.")
    boolean yes;

    @Option(
            names = "--json",
            description =
                    "{archive, checkpoint, genesis, newest{entryHash, receivedAt, sequence}, onTopics, origin, size}")
    boolean json;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        Question question = question();
        ExecutorService checks =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try (ProgressBar bar = new ProgressBar(spec.commandLine().getErr())) {
            ResumeGround ground = ground();
            verify(ground, question, bar);
            LogResume.Found found = resumed(ground, checks, bar);
            bar.clear();
            say(ground, found);
            return ExitCode.OK;
        } catch (SettingsException wrong) {
            throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
        } catch (ResumeRefusedException
                | ArchiverStoppedException
                | RefusedEntryException
                | SchemaRefusedException
                | BrokerUnavailableException
                | KafkaUnavailableException
                | UnsafeTopicsException
                | UndecidedTransactionException refused) {
            throw CommandFailedException.unavailable(String.valueOf(refused.getMessage()), refused);
        } finally {
            checks.shutdownNow();
        }
    }

    private LogResume.Found resumed(ResumeGround ground, Executor checks, ProgressBar bar)
            throws CommandFailedException, IOException, InterruptedException, SchemaRefusedException,
                    RefusedEntryException, ResumeRefusedException {
        try (ArchiveReader reader = ground.archive().openForReading();
                ResumeGround.Connected topics = ground.connection().open()) {
            SignatureChecker checker = new SignatureChecker(Providers.fast());
            ArchiveReader all = ReceiptsAbove.over(reader, ReceiptFiles.read(receipts), ground.log(), checker);
            LogResume resume = new LogResume(ground.log(), all, topics.place(), checker, checks, Clock.systemUTC());
            LogResume.Found found = resume.look();
            requireNothingSignedAbove(ground, found.archive());
            if (!yes || found.isDone()) {
                return found;
            }
            topics.forgetState();
            long size = found.archive().size();
            resume.write(found, written -> bar.at("writing", written, size));
            return resume.look();
        }
    }

    private ResumeGround ground() throws CommandFailedException, SettingsException, IOException {
        Settings read = archive.over(settings.source()).settings();
        return read.optional(KafkaConnection.BOOTSTRAP).isPresent()
                ? ResumeGround.ofCluster(read)
                : ResumeGround.ofData(read, archive);
    }

    private Question question() throws CommandFailedException, IOException {
        SignedNote seen = null;
        if (fromCheckpoint != null) {
            if (!Files.isRegularFile(fromCheckpoint) || Files.size(fromCheckpoint) > NOTE_MAX) {
                throw CommandFailedException.usage(
                        "--from-checkpoint: " + fromCheckpoint + " is no file of at most " + NOTE_MAX + " bytes");
            }
            try {
                seen = SignedNote.parse(Bytes.wrap(Files.readAllBytes(fromCheckpoint)));
            } catch (NoteException wrong) {
                throw CommandFailedException.usage("--from-checkpoint " + fromCheckpoint + ": " + wrong.getMessage());
            }
        }
        return new Question(null, null, seen, atLeast, null, null, true, false, Clock.systemUTC());
    }

    /** Everything is derived again, and nothing is written from an archive of which anything does not hold. */
    private void verify(ResumeGround ground, Question asked, ProgressBar bar)
            throws CommandFailedException, IOException {
        Question question = new Question(
                Trust.byGenesis(ground.log().genesis()),
                null,
                asked.fromCheckpoint(),
                asked.atLeast(),
                null,
                null,
                true,
                false,
                asked.clock());
        Audit audit = new Audit(question, new SignatureChecker(Providers.fast()), bar::at);
        Optional<VersionedStore> store = ground.archive().openVersioned();
        AuditReport report;
        if (store.isPresent()) {
            String place = ground.archive().toString();
            try (VersionedStore open = store.get();
                    WorkDirectory copies = work == null ? WorkDirectory.temporary() : WorkDirectory.in(work, place)) {
                report = audit.ofStore(open, place, copies, false);
                copies.finished();
            } catch (IllegalArgumentException other) {
                throw CommandFailedException.usage("--work: " + other.getMessage());
            }
        } else {
            report = audit.ofDirectory(ground.archive().requireDirectory());
        }
        bar.clear();
        if (report.verdict().code() != ExitCode.OK) {
            PrintWriter err = spec.commandLine().getErr();
            report.lines().forEach(err::println);
            err.flush();
            throw CommandFailedException.withExit(
                    report.verdict().code(),
                    "the archive " + ground.archive()
                            + " does not verify, so the log is not taken up from it and nothing was written");
        }
    }

    /** Two statements for one sequence under one key are a fork, whoever holds the first. */
    private static void requireNothingSignedAbove(ResumeGround ground, ArchivedEnd end)
            throws IOException, RefusedEntryException, CommandFailedException {
        if (ground.floor().isEmpty()) {
            return;
        }
        Path file = ground.floor().get();
        long signed = new FloorFile(file, ground.log()).read().map(Floor::size).orElse(0L);
        if (signed > end.size()) {
            throw CommandFailedException.unavailable("the signer signed " + signed + " entries (" + file
                    + ") and the archive holds " + end.size() + ": the statements of " + (signed - end.size())
                    + " are lost, and whoever read terraseal.attestations or has a receipt without a proof may hold"
                    + " them. Bring that topic back if any copy of it is left. To give them up move " + file
                    + " away: the log then signs other statements in their places, which such a holder can show");
        }
    }

    private void say(ResumeGround ground, LogResume.Found found) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(ground, found).bytes().utf8());
        } else {
            ResumeText.lines(ground, found, receipts.size(), yes).forEach(out::println);
        }
        out.flush();
    }

    private static Json.Obj json(ResumeGround ground, LogResume.Found found) {
        ArchivedEnd end = found.archive();
        Statement newest = end.newest();
        Json.Obj last = newest == null
                ? null
                : Json.obj()
                        .put("entryHash", newest.entryHash())
                        .put("receivedAt", newest.receivedAt().toString())
                        .put("sequence", newest.sequence().value())
                        .build();
        return Json.obj()
                .put("archive", ground.archive().toString())
                .put("checkpoint", end.checkpoint().size())
                .put("genesis", ground.log().genesis())
                .putIfPresent("newest", last)
                .put("onTopics", found.begun())
                .put("origin", ground.log().origin().value())
                .put("size", end.size())
                .build();
    }
}
