package dev.terraseal.cli;

import dev.terraseal.audit.Audit;
import dev.terraseal.audit.AuditReport;
import dev.terraseal.audit.WorkDirectory;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.keys.Providers;
import dev.terraseal.settings.SettingsSource;
import dev.terraseal.store.StoreSettings;
import dev.terraseal.store.VersionedStore;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.trust.TrustFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code terraseal audit}. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Examines an archive where it lies: derives everything in it again, as verify does with a copy, then looks at",
            "the lock, the retain-until date and the version history of every object. Says what was tampered with, what",
            "is missing, what is not protected as promised, and who tried and changed nothing. Exit codes are verify's.",
            "It reads every object once and keeps a copy while it runs: --work says where, and one that was interrupted",
            "goes on from there."
        },
        footer = {
            "%nExamples:",
            "  terraseal audit s3://acme-evidence/prod --genesis 6b1f…",
            "  terraseal audit s3://acme-evidence/prod --trust acme.trust.json --work /var/tmp/audit --json",
            "  terraseal audit s3://acme-evidence/prod --genesis 6b1f… --extend",
            "  terraseal audit /srv/terraseal/archive --genesis 6b1f…"
        })
public final class AuditCommand implements Callable<Integer> {
    private static final long FILE_MAX = 1 << 20;

    @Parameters(paramLabel = "DIR|s3://…", description = "The archive. S3 takes the AWS SDK's own credentials.")
    String place;

    @Mixin
    S3Option s3 = new S3Option();

    @Mixin
    Asked asked = new Asked();

    @Option(
            names = "--extend",
            description = {
                "Lock what newer entries are proven with (log.json, keys, key events, tiles, checkpoints, tokens) as long as",
                "those, and lock what is not locked as promised. Nothing else of an audit writes."
            })
    boolean extend;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Where copies lie while it runs (default: a temporary directory); removed at its end.")
    @Nullable Path work;

    @Option(names = "--json", description = "{audit{findings, objects, senses, versions, …}, code, verdict}")
    boolean json;

    @Spec
    CommandSpec spec;

    /** What is asked beyond integrity, as of {@code verify}. */
    static final class Asked {
        @Option(names = "--genesis", paramLabel = "HEX", description = "The genesis of the log it has to be.")
        @Nullable String genesis;

        @Option(names = "--trust", paramLabel = "FILE", description = "A trust file instead.")
        @Nullable Path trust;

        @Option(names = "--at-least", paramLabel = "SIZE", description = "The log has at least so many entries.")
        @Nullable Long atLeast;

        @Option(
                names = "--from-checkpoint",
                paramLabel = "FILE",
                description = "The log continues this checkpoint: an end cut off shows only so.")
        @Nullable Path fromCheckpoint;

        @Option(names = "--integrity-only", description = "Without a genesis: consistent is enough (exit 0 and not 5).")
        boolean integrityOnly;

        Question question() throws CommandFailedException, IOException {
            if (genesis != null && trust != null) {
                throw CommandFailedException.usage("--genesis or --trust, not both: the trust file holds the genesis");
            }
            if (integrityOnly && (genesis != null || trust != null)) {
                throw CommandFailedException.usage("--integrity-only is for an audit without --genesis or --trust: with"
                        + " one of them the answer is about that log, and no option makes it less");
            }
            if (atLeast != null && atLeast < 0) {
                throw CommandFailedException.usage("--at-least is a number of entries, not " + atLeast);
            }
            return new Question(
                    trusted(), null, checkpoint(), atLeast, null, null, true, integrityOnly, InstantSource.system());
        }

        private @Nullable Trust trusted() throws CommandFailedException, IOException {
            try {
                return genesis != null
                        ? Trust.byGenesis(Digest.fromHex(genesis))
                        : trust != null ? TrustFile.parse(file("--trust", trust)) : null;
            } catch (IllegalArgumentException wrong) {
                throw CommandFailedException.usage(
                        (genesis != null ? "--genesis is 64 lower-case hex digits: " : "--trust " + trust + ": ")
                                + wrong.getMessage());
            }
        }

        private @Nullable SignedNote checkpoint() throws CommandFailedException, IOException {
            try {
                return fromCheckpoint == null ? null : SignedNote.parse(file("--from-checkpoint", fromCheckpoint));
            } catch (NoteException wrong) {
                throw CommandFailedException.usage("--from-checkpoint " + fromCheckpoint + ": " + wrong.getMessage());
            }
        }

        private static Bytes file(String option, Path file) throws CommandFailedException, IOException {
            if (!Files.isRegularFile(file) || Files.size(file) > FILE_MAX) {
                throw CommandFailedException.usage(
                        option + ": " + file + " is no file of at most " + FILE_MAX + " bytes");
            }
            return Bytes.wrap(Files.readAllBytes(file));
        }
    }

    @Override
    public Integer call() throws CommandFailedException, IOException {
        Question question = asked.question();
        StoreSettings settings = s3.store(new SettingsSource().set("archive", place));
        AuditReport report;
        try (ProgressBar bar = new ProgressBar(spec.commandLine().getErr())) {
            Audit audit = new Audit(question, new SignatureChecker(Providers.fast()), bar::at);
            Optional<VersionedStore> store = settings.openVersioned();
            report = store.isPresent() ? ofStore(audit, store.get()) : ofDirectory(audit, Path.of(place));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(report.json().bytes().utf8());
        } else {
            report.lines().forEach(out::println);
        }
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        err.println("terraseal audit: exit " + report.verdict().code() + ": "
                + report.verdict().outcome().meaning());
        err.flush();
        return report.verdict().code();
    }

    private AuditReport ofDirectory(Audit audit, Path directory) throws CommandFailedException, IOException {
        if (!Files.isDirectory(directory)) {
            throw CommandFailedException.usage("there is no archive directory " + directory);
        }
        if (extend || work != null || s3.isGiven()) {
            throw CommandFailedException.usage(
                    "--extend, --work, --s3-endpoint, --s3-path-style and --s3-region are for"
                            + " S3: a directory has no locks and is read where it lies");
        }
        return audit.ofDirectory(directory);
    }

    private AuditReport ofStore(Audit audit, VersionedStore store) throws CommandFailedException, IOException {
        try (store;
                WorkDirectory copies = copies()) {
            if (copies.isResumed()) {
                PrintWriter err = spec.commandLine().getErr();
                err.println("terraseal audit: goes on with the audit that was interrupted in " + work);
                err.flush();
            }
            AuditReport report = audit.ofStore(store, place, copies, extend);
            copies.finished();
            return report;
        }
    }

    private WorkDirectory copies() throws CommandFailedException, IOException {
        try {
            return work == null ? WorkDirectory.temporary() : WorkDirectory.in(work, place);
        } catch (IllegalArgumentException other) {
            throw CommandFailedException.usage("--work: " + other.getMessage());
        }
    }
}
