package dev.terraseal.verifier.time;

import dev.terraseal.core.canonical.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Between which times entries came into the log, as far as others than the log say.
 *
 * @param first the leaf index of the first of these entries
 * @param notBefore witnesses had seen by then a head that one of the entries so far quotes; null if none does
 * @param notAfter a token over a head with these entries is of that time; null if there is none
 */
public record Interval(
        long first,
        long last,
        @Nullable Instant notBefore,
        @Nullable Instant notAfter) {
    /** {@code entries 0–37: not before …, not after …}. */
    public String text() {
        return (first == last ? "entry " + first : "entries " + first + "–" + last) + ": not before "
                + (notBefore == null ? "(unknown)" : notBefore) + ", not after "
                + (notAfter == null ? "(no token yet)" : notAfter);
    }

    public Json.Obj json() {
        return Json.obj()
                .put("first", first)
                .put("last", last)
                .putIfPresent("notBefore", notBefore == null ? null : notBefore.toString())
                .putIfPresent("notAfter", notAfter == null ? null : notAfter.toString())
                .build();
    }
}
