package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The data of report.html, compared row by row while the artifacts are read. What the page shows is not looked at. */
final class ReportFile implements Closeable {
    private static final int HEAD_MAX = 16 << 20;
    private static final byte[] ROWS = ReportData.ROWS.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = ReportData.END.getBytes(StandardCharsets.US_ASCII);

    private final Findings findings;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream(1 << 10);
    private @Nullable InputStream in;
    private boolean hasRows;
    /** Where the next byte lies in the file, and where the data begins. */
    private long at;

    private long dataAt;
    private long rows;

    ReportFile(BundleFiles files, Findings findings) throws IOException {
        this.findings = findings;
        if (files.has(BundleNames.REPORT)) {
            in = new BufferedInputStream(files.open(BundleNames.REPORT), 1 << 16);
            if (!skipToBegin(in)) {
                fail("it holds no data: there is no " + ReportData.BEGIN);
            } else {
                dataAt = at;
                readHead(in);
                at += head.size();
            }
        }
    }

    /** Reads through the first {@link ReportData#BEGIN}; its first character stands nowhere else in it. */
    private boolean skipToBegin(InputStream open) throws IOException {
        String begin = ReportData.BEGIN;
        int matched = 0;
        for (int next = open.read(); next >= 0; next = open.read()) {
            at++;
            if (next == begin.charAt(matched)) {
                matched++;
            } else {
                matched = next == begin.charAt(0) ? 1 : 0;
            }
            if (matched == begin.length()) {
                return true;
            }
        }
        return false;
    }

    /** Reads what stands before the first row, or everything up to the end of the script. */
    private void readHead(InputStream open) throws IOException {
        byte[] tail = new byte[END.length];
        for (int next = open.read(); next >= 0; next = open.read()) {
            head.write(next);
            System.arraycopy(tail, 1, tail, 0, tail.length - 1);
            tail[tail.length - 1] = (byte) next;
            int from = tail.length - ROWS.length;
            hasRows = next == '[' && Arrays.equals(tail, from, tail.length, ROWS, 0, ROWS.length);
            if (hasRows || next == '>' && Arrays.equals(tail, END)) {
                return;
            }
            if (head.size() > HEAD_MAX) {
                fail("the totals in its data are longer than any");
                return;
            }
        }
    }

    void row(PopulationRow row) throws IOException {
        rows++;
        if (hasRows) {
            compare(
                    ReportData.row(row, rows == 1),
                    "row " + rows + " (entry " + row.cell("sequence") + ") of its data");
        }
    }

    /** After the last artifact; {@code wanted} is the derived {@link ReportData#head}. */
    void finish(Bytes wanted) throws IOException {
        if (in == null) {
            return;
        }
        byte[] expected = (ReportData.hasRows(rows) ? wanted.utf8() : wanted.utf8() + ReportData.END)
                .getBytes(StandardCharsets.UTF_8);
        int same = Arrays.mismatch(expected, head.toByteArray());
        if (same >= 0) {
            fail("the totals in its data are not what the artifacts give: first difference at byte " + (dataAt + same));
            return;
        }
        if (hasRows) {
            compare(Bytes.utf8(ReportData.tail(rows).utf8() + ReportData.END), "the end of its data");
        }
        if (in != null && skipToBegin(in)) {
            fail("it holds data twice");
        }
    }

    private void compare(Bytes wanted, String what) throws IOException {
        InputStream open = in;
        if (open == null) {
            return;
        }
        byte[] expected = wanted.toByteArray();
        int same = Arrays.mismatch(expected, open.readNBytes(expected.length));
        if (same >= 0) {
            fail(what + " is not what the artifacts give: first difference at byte " + (at + same));
        }
        at += expected.length;
    }

    private void fail(String message) throws IOException {
        findings.add(
                Layer.DERIVED, FindingName.DERIVED_MISMATCH, BundleNames.REPORT, BundleNames.REPORT + ": " + message);
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
