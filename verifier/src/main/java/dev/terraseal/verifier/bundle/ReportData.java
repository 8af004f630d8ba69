package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.verifier.entries.Counts;

/** The pieces of the data in report.html (FORMATS section 8), in the order in which they stand there. */
public final class ReportData {
    /** Stands before the data, once in the page. */
    public static final String BEGIN = "<script type=\"application/json\" id=\"data\">";

    /** Stands after the data. */
    public static final String END = "</script>";

    /** More rows than these are in population.csv alone. */
    public static final long ROWS_MAX = 10_000;

    static final String ROWS = ",\"rows\":[";
    private static final String CLOSE = "]}";

    private ReportData() {}

    /** Everything before the first row, or the whole data if it is without rows. */
    public static Bytes head(
            LogDeclaration log,
            long checkpointSize,
            long first,
            long last,
            long count,
            Counts counts,
            Digest populationSha256) {
        String members = escaped(Json.obj()
                .put("format", 1)
                .put("origin", log.origin().value())
                .put("genesis", log.genesis())
                .put("checkpointSize", checkpointSize)
                .put("first", first)
                .put("last", last)
                .put("count", count)
                .put("countByType", counts.byType())
                .put("countByOutcome", counts.byOutcome())
                .put("populationSha256", populationSha256)
                .build());
        return Bytes.utf8(hasRows(count) ? members.substring(0, members.length() - 1) + ROWS : members);
    }

    public static boolean hasRows(long count) {
        return count <= ROWS_MAX;
    }

    /** A row, with the comma that parts it from the one before. */
    public static Bytes row(PopulationRow row, boolean isFirst) {
        return Bytes.utf8((isFirst ? "" : ",") + escaped(row.json()));
    }

    /** Everything after the last row, up to {@link #END}. */
    public static Bytes tail(long count) {
        return Bytes.utf8(hasRows(count) ? CLOSE : "");
    }

    /** Only strings hold a {@code <}, and there an escape means the same: the text cannot end the script early. */
    private static String escaped(Json json) {
        return json.bytes().utf8().replace("<", "\\u003c");
    }
}
