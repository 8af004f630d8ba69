package dev.terraseal.cli.doctor;

import dev.terraseal.archiver.ArchiveLocks;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.StoreSettings;
import dev.terraseal.store.Stored;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.store.s3.S3Rights;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** The archive: whether it locks as log.json promises, what may be done there, and what time it is there. */
public final class StoreCheck {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Report report;
    private final InstantSource clock;

    public StoreCheck(Report report, InstantSource clock) {
        this.report = report;
        this.clock = clock;
    }

    public void look(StoreSettings settings) {
        try (ArchiveStore store = settings.openToLook()) {
            report.well("archive", settings + ": immutability " + store.immutability());
            lookAtLog(store);
        } catch (StoreException refused) {
            if (refused.retryable()) {
                report.silent("archive", String.valueOf(refused.getMessage()));
                return;
            }
            report.mend("archive", String.valueOf(refused.getMessage()));
        }
        S3Location s3 = settings.s3();
        if (s3 != null) {
            lookAtRights(s3, DefaultCredentialsProvider.builder().build());
        }
    }

    private void lookAtLog(ArchiveReader store) throws StoreException {
        Optional<LogDeclaration> found = declaration(store);
        if (found.isEmpty()) {
            report.well("log", "the archive holds no log yet");
            return;
        }
        LogDeclaration log = found.get();
        Optional<String> fault = new ArchiveLocks(store, log, clock).fault();
        if (fault.isPresent()) {
            report.mend("log", fault.get());
        } else {
            report.well(
                    "log",
                    log.origin() + ", genesis " + log.genesis() + ", promises "
                            + log.retention().toDays() + " days");
        }
    }

    void lookAtRights(S3Location place, AwsCredentialsProvider credentials) {
        S3Rights.Seen seen;
        try {
            seen = S3Rights.look(place, credentials, clock);
        } catch (StoreException nowhere) {
            report.notTried("rights", String.valueOf(nowhere.getMessage()));
            return;
        }
        for (S3Rights.Right right : seen.rights()) {
            String what = right.action() + ": " + right.message();
            switch (right.known()) {
                case GRANTED -> report.well("rights", what);
                case NOT_TRIED -> report.notTried("rights", what);
                case UNKNOWN -> report.silent("rights", what);
                case REFUSED -> report.mend("rights", what);
            }
        }
        S3Rights.Told told = seen.clock();
        if (told == null) {
            report.notTried("clock", "the archive's service gave no date");
        } else {
            ClockDifference.of(told.before(), told.service(), SECOND, told.after())
                    .report("the archive's service", report);
        }
    }

    /** The log an archive holds; empty if there is none yet. */
    static Optional<LogDeclaration> declaration(ArchiveReader store) throws StoreException {
        return store.read(ArchiveNames.LOG, StoreCheck::isDeclaration)
                .map(Stored::content)
                .map(LogDeclaration::parse);
    }

    private static boolean isDeclaration(Bytes content) {
        try {
            return !LogDeclaration.parse(content).keys().isEmpty();
        } catch (IllegalArgumentException planted) {
            return false;
        }
    }
}
