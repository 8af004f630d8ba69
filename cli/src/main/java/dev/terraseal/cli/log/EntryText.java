package dev.terraseal.cli.log;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entries for people: one line each, or the story of one in ten. Text from outside loses its control characters. */
public final class EntryText {
    private EntryText() {}

    public static String line(ReadEntry entry) {
        Statement statement = entry.statement();
        String type = statement.type().uri().substring(PredicateType.PREFIX.length());
        return String.format(
                "%8d  %s  %-20s %-32s %-28s %s%s",
                statement.sequence().value(),
                statement.receivedAt(),
                type,
                plain(statement.stream().value()),
                plain(statement.id().value()),
                outcome(statement),
                entry.holds() ? "" : "  ! " + plain(entry.finding()));
    }

    private static String outcome(Statement statement) {
        String outcome = text(statement.body(), "outcome");
        return outcome == null ? "" : plain(outcome);
    }

    /** What changed, by whom, from which state to which, and whether it holds. */
    public static List<String> story(ReadEntry entry) {
        Statement statement = entry.statement();
        Json.Obj body = statement.body();
        List<String> lines = new ArrayList<>();
        add(
                lines,
                "entry",
                statement.sequence() + " of " + statement.link().log() + ", number "
                        + statement.link().streamSequence() + " of stream " + statement.stream());
        add(
                lines,
                "what",
                statement.type().uri().substring(PredicateType.PREFIX.length()) + ", id " + statement.id()
                        + (outcome(statement).isEmpty() ? "" : ", " + outcome(statement)));
        add(lines, "when", "occurred " + statement.occurredAt() + " (claimed), received " + statement.receivedAt());
        add(lines, "who", who(statement));
        add(lines, "plan", join(text(body, "plan", "sha256"), text(body, "configuration", "commit")));
        add(lines, "changes", changes(body));
        add(lines, "state", state(body));
        add(lines, "why", join(text(body, "change", "ticket"), text(body, "change", "reason")));
        add(lines, "hash", statement.entryHash().hex());
        add(
                lines,
                "holds",
                entry.holds() ? "follows the entry before it; signature valid" : "NO: it " + entry.finding());
        return lines;
    }

    private static void add(List<String> lines, String name, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            lines.add(String.format("%-8s %s", name, plain(text)));
        }
    }

    private static @Nullable String who(Statement statement) {
        Json.Obj source = statement.source();
        if (source == null) {
            return null;
        }
        String verified = text(source, "verified", "subject");
        String issuer = text(source, "verified", "issuer");
        String claimed = join(
                text(source, "claimed", "actor"), text(source, "claimed", "pipeline"), text(source, "claimed", "tool"));
        if (verified != null) {
            return verified + " (verified by " + issuer + ")" + (claimed.isEmpty() ? "" : "; claimed: " + claimed);
        }
        return claimed.isEmpty() ? null : claimed + " (claimed)";
    }

    private static @Nullable String changes(Json.Obj body) {
        if (!(body.get("changes") instanceof Json.Obj changes)) {
            return null;
        }
        List<String> counts = new ArrayList<>();
        for (String name : List.of("add", "change", "remove", "import")) {
            if (changes.get(name) instanceof Json.Num count) {
                counts.add(count.value() + " to " + name);
            }
        }
        return String.join(", ", counts);
    }

    private static @Nullable String state(Json.Obj body) {
        if (!(body.get("state") instanceof Json.Obj state)) {
            return null;
        }
        return "lineage " + text(state, "lineage") + ", serial " + number(state, "serialBefore") + " → "
                + number(state, "serialAfter");
    }

    private static String number(Json.Obj object, String name) {
        return object.get(name) instanceof Json.Num number ? Long.toString(number.value()) : "?";
    }

    private static @Nullable String text(Json.Obj object, String... path) {
        Json at = object;
        for (String name : path) {
            if (!(at instanceof Json.Obj inner)) {
                return null;
            }
            at = inner.get(name);
            if (at == null) {
                return null;
            }
        }
        return at instanceof Json.Str text ? text.value() : null;
    }

    private static String join(@Nullable String... parts) {
        List<String> there = new ArrayList<>();
        for (String part : parts) {
            if (part != null) {
                there.add(part);
            }
        }
        return String.join(", ", there);
    }

    /** A terminal must not take orders from evidence. */
    static String plain(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> out.appendCodePoint(Character.isISOControl(c) || isDirectional(c) ? '\ufffd' : c));
        return out.toString();
    }

    /** Characters that turn the direction of what follows, or break the line, and make it read otherwise than it is. */
    private static boolean isDirectional(int c) {
        return c == 0x061c || c == 0x200e || c == 0x200f || c >= 0x2028 && c <= 0x202e || c >= 0x2066 && c <= 0x2069;
    }
}
