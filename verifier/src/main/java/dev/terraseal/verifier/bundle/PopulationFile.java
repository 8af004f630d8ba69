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
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** population.csv, compared row by row while the artifacts are read: neither is ever in memory as a whole. */
final class PopulationFile implements Closeable {
    private final Findings findings;
    private final MessageDigest derived = Digest.sha256();
    private @Nullable InputStream in;
    private long at;
    private long rows;

    PopulationFile(BundleFiles files, Findings findings) throws IOException {
        this.findings = findings;
        this.in = files.has(BundleNames.POPULATION)
                ? new java.io.BufferedInputStream(files.open(BundleNames.POPULATION), 1 << 16)
                : null;
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
        wanted.update(derived);
        InputStream open = in;
        if (open == null) {
            return;
        }
        byte[] expected = wanted.toByteArray();
        byte[] found = open.readNBytes(expected.length);
        int same = Arrays.mismatch(expected, found);
        if (same >= 0) {
            fail(what.get() + " is not what the artifact gives: first difference at byte " + (at + same)
                    + (found.length < expected.length && same == found.length ? ", where the file ends" : ""));
        }
        at += expected.length;
    }

    /** After the last artifact; what the file had to be. */
    Digest finish() throws IOException {
        if (in != null && in.read() >= 0) {
            fail("it goes on at byte " + at + ", after the row of the last artifact");
        }
        return Digest.finish(derived);
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
