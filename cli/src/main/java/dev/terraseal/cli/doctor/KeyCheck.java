package dev.terraseal.cli.doctor;

import dev.terraseal.archiver.recovery.ArchivedKeys;
import dev.terraseal.cli.up.LogInstance;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.KeyHistory;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.KeyRing.UnauthorisedException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.keys.DeclarationFile;
import dev.terraseal.keys.KeyFinding;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.KeySource;
import dev.terraseal.keys.KeySources;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.Providers;
import dev.terraseal.keys.kms.KmsConnection;
import dev.terraseal.keys.kms.KmsProbe;
import dev.terraseal.keys.local.KeyDirectoryLook;
import dev.terraseal.settings.Settings;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * Private keys where a service's settings say they are: who else could reach them, and whether they are the ones the log
 * names for its next entry. Nothing is signed, for a key signs what it was declared for and nothing else.
 */
public final class KeyCheck {
    private static final String NAME = "keys";

    private final Report report;
    private final Wanted wanted;
    private final String user;

    /**
     * What of a service's settings is about keys.
     *
     * @param directory of local keys; looked at if it was named or a place is {@code local}
     * @param attest where the signer looks; empty if that was not configured
     * @param log where the archiver looks, likewise
     */
    public record Wanted(
            Path declaration,
            Path directory,
            boolean directoryNamed,
            List<KeyLocator> attest,
            List<KeyLocator> log,
            @Nullable Path keyEvents,
            KmsConnection kms) {
        public Wanted {
            attest = List.copyOf(attest);
            log = List.copyOf(log);
        }

        /** Empty if nothing of it is configured. */
        public static Optional<Wanted> from(Settings settings) {
            boolean directory = settings.optional("keys.directory").isPresent();
            boolean any = directory
                    || settings.optional("signer.key").isPresent()
                    || settings.optional("archiver.key").isPresent();
            return !any
                    ? Optional.empty()
                    : Optional.of(new Wanted(
                            Path.of(settings.text("log.declaration", "log.json")),
                            Path.of(settings.text("keys.directory", "keys")),
                            directory,
                            places(settings, "signer.key"),
                            places(settings, "archiver.key"),
                            settings.path("log.key-events").orElse(null),
                            new KmsConnection(
                                    settings.uri("kms.endpoint").orElse(null),
                                    1,
                                    settings.duration("kms.timeout", Duration.ofSeconds(5)))));
        }

        private static List<KeyLocator> places(Settings settings, String name) {
            try {
                return settings.optional(name).map(KeyLocator::parseAll).orElse(List.of());
            } catch (IllegalArgumentException wrong) {
                settings.problem(name, "is wrong: " + wrong.getMessage());
                return List.of();
            }
        }
    }

    /** The log's keys as far as they are known here, and the entry that is signed next. */
    private record Known(KeyRing ring, SequenceNumber next) {}

    /** @param user who runs this */
    public KeyCheck(Report report, Wanted wanted, String user) {
        this.report = report;
        this.wanted = wanted;
        this.user = user;
    }

    public void look(@Nullable StoreSettings archive) {
        try {
            LogDeclaration log = new DeclarationFile(wanted.declaration()).read();
            Known known = known(log, archive);
            lookAtFiles(known.ring());
            signs(KeyUse.ATTEST, wanted.attest(), known);
            signs(KeyUse.LOG, wanted.log(), known);
        } catch (IOException unreadable) {
            report.mend(
                    NAME,
                    wanted.declaration() + " or what lies beside it cannot be read (" + unreadable + "); name it by"
                            + " log.declaration");
        } catch (IllegalArgumentException notOne) {
            report.mend(NAME, wanted.declaration() + " is no log.json: " + notOne.getMessage());
        }
    }

    private Known known(LogDeclaration log, @Nullable StoreSettings archive) throws IOException {
        SignatureChecker checker = new SignatureChecker(Providers.fast());
        if (archive != null) {
            try (ArchiveReader store = archive.openForReading()) {
                Optional<LogDeclaration> archived = StoreCheck.declaration(store);
                if (archived.isPresent() && !archived.get().genesis().equals(log.genesis())) {
                    report.mend(
                            NAME,
                            wanted.declaration() + " declares the log with genesis " + log.genesis()
                                    + ", and the archive holds that with "
                                    + archived.get().genesis()
                                    + ": name the log.json or the archive that belongs to the other");
                }
                KeyRing ring = new ArchivedKeys(store, log, checker).read().ring();
                report.well(NAME, "judged by log.json and the " + ring.events() + " key events of the archive");
                return new Known(ring, new SequenceNumber(LogInstance.archivedSize(log, store)));
            }
        }
        Path events = wanted.keyEvents();
        if (events == null) {
            report.well(NAME, "judged by log.json alone: with archive or log.key-events key events count too");
            return new Known(KeyRing.of(log), SequenceNumber.ZERO);
        }
        try {
            KeyHistory history = KeyHistory.parse(Bytes.wrap(Files.readAllBytes(events)));
            report.well(NAME, "judged by log.json and the " + history.events().size() + " key events of " + events);
            return new Known(history.ring(log, checker), history.next());
        } catch (UnauthorisedException | UncheckableException | IllegalArgumentException refused) {
            report.mend(NAME, events + ": " + refused.getMessage());
            return new Known(KeyRing.of(log), SequenceNumber.ZERO);
        }
    }

    private void lookAtFiles(KeyRing ring) throws IOException {
        KeyDirectoryLook look = new KeyDirectoryLook(ring, user);
        boolean local = wanted.directoryNamed()
                || wanted.attest().contains(new KeyLocator.Local())
                || wanted.log().contains(new KeyLocator.Local());
        if (local) {
            look.directory(wanted.directory()).forEach(this::say);
        }
        for (List<KeyLocator> places : List.of(wanted.attest(), wanted.log())) {
            for (KeyLocator place : places) {
                if (place instanceof KeyLocator.File file) {
                    look.file(file.path()).forEach(this::say);
                } else if (place instanceof KeyLocator.AwsKms kms) {
                    describe(kms);
                }
            }
        }
    }

    private void say(KeyFinding finding) {
        if (finding.serious()) {
            report.mend(NAME, finding.what() + (finding.mend().isEmpty() ? "" : "; " + finding.mend()));
        } else {
            report.well(NAME, finding.what());
        }
    }

    private void describe(KeyLocator.AwsKms kms) {
        try {
            say(new KmsProbe(wanted.kms(), DefaultCredentialsProvider.builder().build(), new SecureRandom())
                    .describe(kms));
        } catch (SigningException failed) {
            if (failed.retryable()) {
                report.silent(NAME, String.valueOf(failed.getMessage()));
            } else {
                report.notTried(NAME, "the state of the key, which no service needs: " + failed.getMessage());
            }
        }
        report.notTried(NAME, "kms:Sign with " + kms.arn() + ": a key of the log signs nothing that is not the log's");
    }

    /** Whether the key that the next entry needs is there; for KMS this is kms:GetPublicKey. */
    private void signs(KeyUse use, List<KeyLocator> places, Known known) {
        if (places.isEmpty()) {
            return;
        }
        KeySources sources = new KeySources(wanted.directory(), wanted.kms(), new SecureRandom());
        try (KeySource source = sources.open(places)) {
            DeclaredKey key = new KeyInForce(use, source::signer)
                    .at(known.ring(), known.next())
                    .key();
            report.well(
                    NAME,
                    "entry " + known.next() + " would be signed by " + use.text() + " key "
                            + key.keyid().shortHex() + "… " + key.algorithm() + ", which is there");
        } catch (KeyUnavailableException missing) {
            if (passes(missing)) {
                report.silent(NAME, String.valueOf(missing.getMessage()));
            } else {
                report.mend(NAME, String.valueOf(missing.getMessage()));
            }
        }
    }

    private static boolean passes(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SigningException signing) {
                return signing.retryable();
            }
        }
        return false;
    }
}
