package dev.terraseal.cli.doctor;

import dev.terraseal.cli.ExitCode;
import dev.terraseal.core.canonical.Json;
import java.util.ArrayList;
import java.util.List;

/** What was looked at, in order. */
public final class Report {
    private final List<Check> checks = new ArrayList<>();

    /** One thing looked at; {@code tried} is false where nothing harmless would show it. */
    private record Check(String name, int code, boolean tried, String message) {
        String line() {
            return (!tried ? "-      " : code == ExitCode.OK ? "ok     " : "MEND   ") + name + ": " + message;
        }

        Json json() {
            return Json.obj()
                    .put("check", name)
                    .put("message", message)
                    .put("ok", code == ExitCode.OK)
                    .put("tried", tried)
                    .build();
        }
    }

    public void well(String check, String message) {
        checks.add(new Check(check, ExitCode.OK, true, message));
    }

    /** Something is to be mended. */
    public void mend(String check, String message) {
        checks.add(new Check(check, ExitCode.USAGE, true, message));
    }

    /** Something did not answer. */
    public void silent(String check, String message) {
        checks.add(new Check(check, ExitCode.UNAVAILABLE, true, message));
    }

    public void notTried(String check, String message) {
        checks.add(new Check(check, ExitCode.OK, false, "not tried: " + message));
    }

    /** The exit code: of the worst. */
    public int code() {
        return checks.stream().mapToInt(Check::code).max().orElse(ExitCode.OK);
    }

    public List<String> lines() {
        return checks.stream().map(Check::line).toList();
    }

    public Json.Obj json() {
        return Json.obj()
                .put("checks", Json.arr(checks.stream().map(Check::json).toList()))
                .put("code", code())
                .build();
    }
}
