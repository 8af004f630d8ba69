package dev.terraseal.cli.doctor;

import dev.terraseal.archiver.witness.WitnessException;
import dev.terraseal.archiver.witness.WitnessProbe;
import dev.terraseal.archiver.witness.WitnessSettings;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.StoreSettings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether each witness of the policy answers with its key. */
public final class WitnessCheck {
    private static final String NAME = "witness";

    private final Report report;

    public WitnessCheck(Report report) {
        this.report = report;
    }

    /** They are asked about the archive's log, so without an archive there is nothing to ask. */
    public void look(WitnessSettings witnesses, @Nullable StoreSettings archive) {
        if (archive == null) {
            report.mend(NAME, "give archive as well: witnesses are asked about the log in it");
            return;
        }
        WitnessProbe probe = new WitnessProbe(new SignatureChecker(Providers.fast()));
        try (ArchiveReader store = archive.openForReading()) {
            Optional<LogDeclaration> log = StoreCheck.declaration(store);
            if (log.isEmpty()) {
                report.notTried(NAME, "the archive holds no log yet to ask them about");
                return;
            }
            for (WitnessSettings.Witness witness : witnesses.witnesses()) {
                look(probe, witness, log.get());
            }
        } catch (StoreException said) {
            // The archive's own check says what is wrong with it.
            report.notTried(NAME, "the archive with the log cannot be read");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(WitnessProbe probe, WitnessSettings.Witness witness, LogDeclaration log)
            throws InterruptedException {
        try {
            report.well(NAME, probe.look(witness, log.origin()));
        } catch (WitnessException failed) {
            if (failed.isRefusal()) {
                report.mend(NAME, String.valueOf(failed.getMessage()));
            } else {
                report.silent(NAME, String.valueOf(failed.getMessage()));
            }
        }
    }
}
