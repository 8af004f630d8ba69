package dev.terraseal.export;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.export.report.Dossier;
import dev.terraseal.export.report.ReportPage;
import dev.terraseal.verifier.bundle.BundleNames;
import dev.terraseal.verifier.bundle.Manifest;
import dev.terraseal.verifier.bundle.PopulationRow;
import dev.terraseal.verifier.bundle.ReportData;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** population.csv row by row, and what report.html needs of the same entries; its rows wait in a file and not in memory. */
final class PopulationWriter implements Closeable {
    private final BundleDirectory bundle;
    private final OutputStream csv;
    private final Path spool;
    private final OutputStream rows;
    private final boolean withRows;
    private final Dossier dossier = new Dossier();
    private long written;

    /** @param count how many artifacts there will be */
    PopulationWriter(BundleDirectory bundle, long count) throws IOException {
        this.bundle = bundle;
        this.csv = bundle.open(BundleNames.POPULATION);
        // Lies where a killed export is cleaned up, and is gone before anything is packed.
        this.spool = bundle.root().resolve(".rows");
        this.rows = new BufferedOutputStream(Files.newOutputStream(spool), 1 << 16);
        this.withRows = ReportData.hasRows(count);
        PopulationRow.HEADER.writeTo(csv);
    }

    void write(ArchivedEntry entry) throws IOException {
        PopulationRow row = PopulationRow.of(entry.statement());
        row.csv().writeTo(csv);
        if (withRows) {
            ReportData.row(row, written == 0).writeTo(rows);
        }
        written++;
        dossier.see(BundleNames.artifact(entry.sequence()), entry.statement(), row);
    }

    /** No more rows. */
    void finish() throws IOException {
        csv.close();
        rows.close();
    }

    /** Writes report.html, after {@link #finish}. */
    void writeReport(LogDeclaration log, Manifest manifest, String exportKey) throws IOException {
        Digest population = bundle.digest(BundleNames.POPULATION);
        ReportPage page = ReportPage.of(
                new ReportPage.Facts(log.origin().value(), log.genesis(), manifest, population, exportKey), dossier);
        try (OutputStream out = bundle.open(BundleNames.REPORT)) {
            out.write((page.before() + ReportData.BEGIN).getBytes(StandardCharsets.UTF_8));
            ReportData.head(
                            log,
                            manifest.checkpointSize(),
                            manifest.first(),
                            manifest.last(),
                            manifest.count(),
                            dossier.counts(),
                            population)
                    .writeTo(out);
            Files.copy(spool, out);
            ReportData.tail(manifest.count()).writeTo(out);
            out.write((ReportData.END + page.after()).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() throws IOException {
        finish();
        Files.deleteIfExists(spool);
    }
}
