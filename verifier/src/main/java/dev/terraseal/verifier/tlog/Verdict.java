package dev.terraseal.verifier.tlog;

import dev.terraseal.core.canonical.Json;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What came of one command: the one object that text, JSON and exit code are made from. */
final class Verdict {
    static final int HOLDS = 0;
    static final int USAGE = 2;
    static final int NOT_EVALUATED = 3;
    static final int FAILED = 4;

    private static final int FINDINGS_SHOWN = 100;
    private static final int LABEL_WIDTH = 12;

    private final String command;
    private final Map<String, Json> facts = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();
    private final List<String> proven = new ArrayList<>();
    private final List<String> notProven = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private long findingCount;
    private int code = HOLDS;

    Verdict(String command) {
        this.command = command;
    }

    /** A fact for both readers: {@code name} in JSON, a labelled line in text. */
    Verdict fact(String name, String label, String value) {
        facts.put(name, new Json.Str(value));
        return line(label, value);
    }

    /** Sizes beyond 2^53 − 1, which no JSON reader keeps exact, are written as text. */
    Verdict fact(String name, String label, long value) {
        boolean exact = value <= (1L << 53) - 1;
        facts.put(name, exact ? new Json.Num(value) : new Json.Str(Long.toString(value)));
        return line(label, Long.toString(value));
    }

    /** A fact that has its own lines in text. */
    Verdict data(String name, Json value) {
        facts.put(name, value);
        return this;
    }

    Verdict line(String label, String text) {
        lines.add(label + " ".repeat(Math.max(1, LABEL_WIDTH - label.length())) + text);
        return this;
    }

    Verdict proven(String what) {
        proven.add(what);
        return this;
    }

    Verdict notProven(String what) {
        notProven.add(what);
        return this;
    }

    /** Something inside what was given is not what it has to be. */
    Verdict failed(String finding) {
        findingCount++;
        if (findings.size() < FINDINGS_SHOWN) {
            findings.add(finding);
        }
        if (code == HOLDS) {
            code = FAILED;
        }
        return this;
    }

    /** The question could not be answered; nothing is known. */
    Verdict notEvaluated(String why) {
        findings.add(why);
        findingCount++;
        // What was found wrong stays wrong, whatever could not be read after it.
        if (code == HOLDS) {
            code = NOT_EVALUATED;
        }
        return this;
    }

    boolean holds() {
        return code == HOLDS;
    }

    int print(boolean json, PrintStream out, PrintStream err) {
        if (json) {
            Json.Builder object = Json.obj();
            facts.forEach(object::put);
            out.print(object.put("command", "tlog " + command)
                            .put("code", code)
                            .put("meaning", meaning(code))
                            .put("findings", Json.texts(findings))
                            .put("findingCount", findingCount)
                            .put("proven", Json.texts(holds() ? proven : List.of()))
                            .put("notProven", Json.texts(notProven))
                            .build()
                            .bytes()
                            .utf8()
                    + "\n");
        } else {
            lines.forEach(line -> out.print(shown(line) + "\n"));
            String label = code == FAILED ? "FAILED      " : "UNKNOWN     ";
            findings.forEach(finding -> out.print(label + shown(finding) + "\n"));
            if (findingCount > findings.size()) {
                out.print(label + "and " + (findingCount - findings.size()) + " more\n");
            }
            if (holds()) {
                proven.forEach(each -> out.print("proven      " + shown(each) + "\n"));
            }
            notProven.forEach(each -> out.print("not proven  " + shown(each) + "\n"));
        }
        out.flush();
        return end(code, err);
    }

    /** The last line on stderr of every run. */
    static int end(int code, PrintStream err) {
        err.print("exit " + code + ": " + meaning(code) + "\n");
        err.flush();
        return code;
    }

    private static String meaning(int code) {
        return switch (code) {
            case HOLDS -> "everything asked for holds, under the keys given";
            case USAGE -> "wrong usage or configuration";
            case NOT_EVALUATED -> "could not be evaluated, for a reason outside what was given";
            case FAILED ->
                "verification failed: something given was changed, removed, forged, or is not what it claims to be";
            default -> throw new IllegalArgumentException("no exit code " + code);
        };
    }

    /** Text from a note must not steer the terminal: control and invisible format characters are shown as '?'. */
    static String shown(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean hidden = Character.isISOControl(c)
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR;
            out.appendCodePoint(hidden ? '?' : c);
        });
        return out.toString();
    }
}
