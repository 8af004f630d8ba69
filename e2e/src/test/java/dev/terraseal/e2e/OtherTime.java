package dev.terraseal.e2e;

import dev.terraseal.testkit.tools.Tool;
import java.util.List;
import java.util.Map;

/** A wall clock that is wrong by some hours, as libfaketime (Debian: faketime) shows it to one process. */
final class OtherTime {
    private OtherTime() {}

    /** Skips by name where there is no libfaketime. */
    static void require() {
        Tool.require("faketime");
    }

    /**
     * The environment of a process whose clock is off. It is told by the library and not by the command {@code faketime},
     * which stays between as a process of its own, and signals would reach that one. The time that waits and time-outs go by
     * stays as it is, as on a machine whose clock is set wrong.
     *
     * @param offset as faketime has it, {@code +1h} say
     */
    static Map<String, String> of(String offset) {
        Terminal.Result library = Terminal.run(
                Terminal.ROOT.resolve("e2e/target"),
                Map.of(),
                List.of("faketime", "-f", "+0", "printenv", "LD_PRELOAD"));
        if (library.exit() != 0) {
            throw new AssertionError("faketime does not say where its library is: " + library);
        }
        return Map.of(
                "LD_PRELOAD",
                library.out().strip(),
                "FAKETIME",
                offset,
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }
}
