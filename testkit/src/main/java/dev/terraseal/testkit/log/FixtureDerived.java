package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** population.csv and report.html of a bundle, written a second time from FORMATS section 8. */
final class FixtureDerived {
    private final List<Map<String, String>> rows = new ArrayList<>();

    FixtureDerived(LogFixture fixture, List<Integer> indices) {
        for (int i : indices) {
            rows.add(row(Statement.parse(fixture.entries().get(i).statement())));
        }
    }

    private static Map<String, String> row(Statement statement) {
        Json.Obj source = statement.source();
        Json.Obj verified = source == null ? null : source.objectOrNull("verified");
        Json.Obj body = statement.body();
        Map<String, String> row = new LinkedHashMap<>();
        row.put("sequence", statement.sequence().toString());
        row.put("streamSequence", statement.link().streamSequence().toString());
        row.put("stream", statement.stream().value());
        row.put("type", statement.type().uri());
        row.put("id", statement.id().value());
        row.put("occurredAt", statement.occurredAt().toString());
        row.put("receivedAt", statement.receivedAt().toString());
        row.put("issuer", text(verified, "issuer"));
        row.put("subject", text(verified, "subject"));
        row.put("ticket", text(body.objectOrNull("change"), "ticket"));
        row.put("planSha256", text(body.objectOrNull("plan"), "sha256"));
        row.put("outcome", text(body, "outcome"));
        row.put("entryHash", statement.entryHash().hex());
        row.put("prevHash", statement.link().prevHash().hex());
        return row;
    }

    private static String text(Json.@Nullable Obj in, String name) {
        return in != null && in.has(name) ? in.string(name) : "";
    }

    Bytes population() {
        StringBuilder csv = new StringBuilder();
        csv.append(String.join(",", rows.get(0).keySet())).append('\n');
        for (Map<String, String> row : rows) {
            List<String> cells = new ArrayList<>();
            for (String cell : row.values()) {
                String safe = harmless(cell.matches("(?s)[=+@\\t\\r-].*") ? "'" + cell : cell);
                cells.add(safe.matches("(?s).*[,\"\\r\\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe);
            }
            csv.append(String.join(",", cells)).append('\n');
        }
        return Bytes.utf8(csv.toString());
    }

    /** No formula behind what separates cells or rows elsewhere, nor behind the quotes that may follow it. */
    private static String harmless(String cell) {
        StringBuilder out = new StringBuilder();
        boolean begins = false;
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            if (begins && "=+-@".indexOf(c) >= 0) {
                out.append('\'');
            }
            begins = ";\t\r\n".indexOf(c) >= 0 || begins && c == '"';
            out.append(c);
        }
        return out.toString();
    }

    /** @param manifest the bundle's manifest.json, whose numbers the page repeats */
    Bytes report(Bytes manifest, LogFixture fixture) {
        Json.Obj said = CanonicalJson.parseObject(manifest);
        String head = Json.obj()
                .put("format", 1)
                .put("origin", fixture.log().origin().value())
                .put("genesis", fixture.log().genesis())
                .put("checkpointSize", said.number("checkpointSize"))
                .put("first", said.number("first"))
                .put("last", said.number("last"))
                .put("count", said.number("count"))
                .put("countByType", said.object("countByType"))
                .put("countByOutcome", said.object("countByOutcome"))
                .put("populationSha256", Digest.of(population()))
                .build()
                .bytes()
                .utf8();
        List<String> texts = new ArrayList<>();
        for (Map<String, String> row : rows) {
            Json.Builder out = Json.obj();
            row.forEach((name, cell) -> {
                if (name.equals("sequence") || name.equals("streamSequence")) {
                    out.put(name, Long.parseLong(cell));
                } else if (!cell.isEmpty()) {
                    out.put(name, cell);
                }
            });
            texts.add(out.build().bytes().utf8());
        }
        String data = head.substring(0, head.length() - 1) + ",\"rows\":[" + String.join(",", texts) + "]}";
        return Bytes.utf8("<!DOCTYPE html>\n<title>A report made by a test</title>\n"
                + "<script type=\"application/json\" id=\"data\">"
                + data.replace("<", "\\u003c")
                + "</script>\n");
    }
}
