package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalBuffer;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One artifact as population.csv and the data of report.html show it (FORMATS section 8). What is not in a statement, or
 * is no string there, is an empty cell.
 */
public record PopulationRow(List<String> cells) {
    public static final List<String> COLUMNS = List.of(
            "sequence",
            "streamSequence",
            "stream",
            "type",
            "id",
            "occurredAt",
            "receivedAt",
            "issuer",
            "subject",
            "ticket",
            "planSha256",
            "outcome",
            "entryHash",
            "prevHash");

    /** The first line of population.csv. */
    public static final Bytes HEADER = Bytes.utf8(String.join(",", COLUMNS) + "\n");

    /** So a spreadsheet takes a cell for a formula. */
    private static final String FORMULA = "=+-@\t\r";

    /**
     * Behind this a formula begins as well: where {@code ;} or TAB separates, a cell goes on as the next one, and behind a
     * line end as the next row, whatever quotes a comma's reader sees around it.
     */
    private static final Pattern CELL_WITHIN = Pattern.compile("([;\t\r\n]\"*)(?=[=+@-])");

    public PopulationRow {
        cells = List.copyOf(cells);
        if (cells.size() != COLUMNS.size()) {
            throw new IllegalArgumentException("a row has " + COLUMNS.size() + " cells, not " + cells.size());
        }
    }

    public static PopulationRow of(Statement statement) {
        Json.Obj source = statement.source();
        Json.Obj verified = source == null ? null : object(source, "verified");
        Json.Obj body = statement.body();
        return new PopulationRow(List.of(
                statement.sequence().toString(),
                statement.link().streamSequence().toString(),
                statement.stream().value(),
                statement.type().uri(),
                statement.id().value(),
                statement.occurredAt().toString(),
                statement.receivedAt().toString(),
                text(verified, "issuer"),
                text(verified, "subject"),
                text(object(body, "change"), "ticket"),
                text(object(body, "plan"), "sha256"),
                text(body, "outcome"),
                statement.entryHash().hex(),
                statement.link().prevHash().hex()));
    }

    private static Json.@Nullable Obj object(Json.Obj in, String name) {
        return in.get(name) instanceof Json.Obj object ? object : null;
    }

    private static String text(Json.@Nullable Obj in, String name) {
        return in != null && in.get(name) instanceof Json.Str text ? text.value() : "";
    }

    public String cell(String column) {
        return cells.get(COLUMNS.indexOf(column));
    }

    /** The line of population.csv, with its end. */
    public Bytes csv() {
        CanonicalBuffer line = new CanonicalBuffer(512);
        for (String cell : cells) {
            if (line.position() > 0) {
                line.raw((byte) ',');
            }
            if (isPlain(cell)) {
                line.ascii(cell);
            } else {
                line.raw(Bytes.utf8(quoted(cell)));
            }
        }
        return line.raw((byte) '\n').toBytes();
    }

    /** Whether a cell is written as it is. */
    private static boolean isPlain(String cell) {
        boolean plain = cell.isEmpty() || FORMULA.indexOf(cell.charAt(0)) < 0;
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            plain &= c >= 0x20 && c < 0x7f && c != ',' && c != ';' && c != '"';
        }
        return plain;
    }

    private static String quoted(String cell) {
        String begun = !cell.isEmpty() && FORMULA.indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
        String safe = CELL_WITHIN.matcher(begun).replaceAll("$1'");
        boolean quoted = false;
        for (int i = 0; i < safe.length(); i++) {
            char c = safe.charAt(i);
            quoted |= c == ',' || c == '"' || c == '\r' || c == '\n';
        }
        return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }

    /** The row in the data of report.html. */
    Json.Obj json() {
        Json.Builder out = Json.obj();
        List<String> names = new ArrayList<>(COLUMNS);
        for (int i = 0; i < names.size(); i++) {
            String cell = cells.get(i);
            if (i < 2) {
                out.put(names.get(i), Long.parseLong(cell));
            } else if (!cell.isEmpty()) {
                out.put(names.get(i), cell);
            }
        }
        return out.build();
    }
}
