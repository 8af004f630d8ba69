package dev.terraseal.export.report;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.bundle.PopulationRow;
import org.jspecify.annotations.Nullable;

/** One entry as a row of the table, each text cut to what a table can show. */
record Change(
        long sequence,
        String received,
        String stream,
        String type,
        String who,
        boolean isVerified,
        String ticket,
        String what,
        String outcome,
        String state,
        String plan) {
    private static final int SHOWN = 120;

    static Change of(Statement statement, PopulationRow row) {
        String verified = row.cell("subject");
        String claimed = claimedActor(statement);
        String type = statement.type().uri();
        return new Change(
                statement.sequence().value(),
                row.cell("receivedAt").substring(0, 19).replace('T', ' '),
                cut(row.cell("stream")),
                type.substring(type.lastIndexOf('/', type.lastIndexOf('/') - 1) + 1, type.lastIndexOf('/')),
                cut(verified.isEmpty() ? claimed : verified),
                !verified.isEmpty(),
                cut(row.cell("ticket")),
                what(statement.body()),
                cut(row.cell("outcome")),
                state(statement.body()),
                cut(row.cell("planSha256")));
    }

    private static String claimedActor(Statement statement) {
        Json.Obj source = statement.source();
        return source != null
                        && source.get("claimed") instanceof Json.Obj claimed
                        && claimed.get("actor") instanceof Json.Str actor
                ? actor.value()
                : "";
    }

    private static String what(Json.Obj body) {
        if (!(body.get("changes") instanceof Json.Obj changes)) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        append(out, "+", changes, "add");
        append(out, "~", changes, "change");
        append(out, "\u2212", changes, "remove");
        append(out, "import ", changes, "import");
        return out.length() == 0 ? "no change" : out.toString();
    }

    private static void append(StringBuilder out, String sign, Json.Obj changes, String name) {
        if (changes.get(name) instanceof Json.Num count && count.value() != 0) {
            out.append(out.length() == 0 ? "" : " ").append(sign).append(count.value());
        }
    }

    private static String state(Json.Obj body) {
        if (!(body.get("state") instanceof Json.Obj state)) {
            return "";
        }
        String before = number(state, "serialBefore");
        String after = number(state, "serialAfter");
        return before.isEmpty() && after.isEmpty() ? "" : before + " \u2192 " + after;
    }

    private static String number(Json.Obj in, String name) {
        return in.get(name) instanceof Json.Num number ? Long.toString(number.value()) : "";
    }

    static long count(@Nullable Json changes, String name) {
        return changes instanceof Json.Obj object && object.get(name) instanceof Json.Num number ? number.value() : 0;
    }

    static String cut(String text) {
        if (text.length() <= SHOWN) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(SHOWN - 1)) ? SHOWN - 1 : SHOWN;
        return text.substring(0, end) + "\u2026";
    }
}
