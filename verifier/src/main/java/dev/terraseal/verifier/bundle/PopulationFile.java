package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** population.csv, compared row by row while the artifacts are read: neither is ever in memory as a whole. */
final class PopulationFile implements Closeable {
    private final Findings findings;
    /** What the rows hash to, where somebody asks: only report.html names it. */
    private final @Nullable MessageDigest derived;

    private @Nullable InputStream in;
    private byte[] found = new byte[1024];
    private long at;
    private long rows;

    PopulationFile(BundleFiles files, Findings findings) throws IOException {
        this.findings = findings;
        this.derived = files.has(BundleNames.REPORT) ? Digest.sha256() : null;
        this.in = files.has(BundleNames.POPULATION) ? files.open(BundleNames.POPULATION) : null;
        take(PopulationRow.HEADER, () -> "its header");
    }

    /** A row, and the line it is in the file. */
    record Row(PopulationRow cells, Bytes csv) {
        static Row of(Statement statement) {
            PopulationRow cells = PopulationRow.of(statement);
            return new Row(cells, cells.csv());
        }
    }

    void row(Row row) throws IOException {
        rows++;
        take(row.csv(), () -> "row " + rows + " (entry " + row.cells().cell("sequence") + ")");
    }

    private void take(Bytes wanted, Supplier<String> what) throws IOException {
        if (derived != null) {
            wanted.update(derived);
        }
        InputStream open = in;
        if (open == null) {
            return;
        }
        int length = wanted.length();
        if (found.length < length) {
            found = new byte[2 * length];
        }
        int read = open.readNBytes(found, 0, length);
        int same = wanted.mismatch(found, read);
        if (same >= 0) {
            fail(what.get() + " is not what the artifact gives: first difference at byte " + (at + same)
                    + (same == read ? ", where the file ends" : ""));
        }
        at += length;
    }

    /** After the last artifact; what the file had to be, null if there is no report.html. */
    @Nullable Digest finish() throws IOException {
        if (in != null && in.read() >= 0) {
            fail("it goes on at byte " + at + ", after the row of the last artifact");
        }
        return derived == null ? null : Digest.finish(derived);
    }

    private void fail(String message) throws IOException {
        findings.add(
                Layer.DERIVED,
                FindingName.DERIVED_MISMATCH,
                BundleNames.POPULATION,
                BundleNames.POPULATION + ": " + message);
        close();
    }

    /** Nothing after this is compared any more. */
    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
            in = null;
        }
    }
}
