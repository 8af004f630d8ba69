package dev.terraseal.run.recorded;

import dev.terraseal.core.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;

/**
 * Two real applies of one small configuration with terraform 1.11.4, recorded by {@code terraseal run} on 2026-11-22:
 * for {@code demo} on machines without terraform, which says that it replays them. Their ids are fixed, so a log takes
 * them once.
 */
public final class RecordedApply {
    private RecordedApply() {}

    /** The two events of stream {@code demo/prod}, one a line, fit for {@code terraseal submit}. */
    public static Bytes events() throws IOException {
        return resource("applies.jsonl");
    }

    /** What the terminal showed. */
    public static String transcript() throws IOException {
        return resource("applies.txt").utf8();
    }

    private static Bytes resource(String name) throws IOException {
        try (InputStream in = RecordedApply.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(
                        "the recorded apply is not in this build: " + name + " is missing; build it again");
            }
            return Bytes.wrap(in.readAllBytes());
        }
    }
}
