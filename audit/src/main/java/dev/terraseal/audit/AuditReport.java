package dev.terraseal.audit;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.Verdict;
import dev.terraseal.verifier.verdict.VerdictJson;
import dev.terraseal.verifier.verdict.VerdictText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an audit found.
 *
 * @param verdict of the content, of every version and of every lock; its exit code is the audit's
 * @param place the store
 * @param objects archived ones whose lock was looked at; 0 where a store has none
 * @param versions everything the store has, delete markers among it
 * @param lockedUntil when the first lock ends, null if there is none
 * @param extended locks made, or made longer
 */
public record AuditReport(
        Verdict verdict,
        String place,
        long objects,
        long versions,
        @Nullable String lockedUntil,
        long extended) {

    /** For people: the verdict's lines, then what the findings come to. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(VerdictText.lines(verdict));
        List<String> sums = new ArrayList<>();
        Sense.count(verdict).forEach((sense, count) -> {
            if (count > 0 && sense != Sense.REMARK) {
                sums.add(count + " " + sense.title());
            }
        });
        lines.add("Audit of " + place + ": "
                + (sums.isEmpty() ? "nothing was tampered with and nothing is missing" : String.join(", ", sums))
                + (extended == 0 ? "" : "; " + extended + " locks made or made longer"));
        return lines;
    }

    /** For programs: the verdict's object, and in {@code audit} what the store was like. */
    public Json.Obj json() {
        Json.Builder senses = Json.obj();
        for (Map.Entry<Sense, Integer> count : Sense.count(verdict).entrySet()) {
            senses.put(count.getKey().code(), count.getValue());
        }
        List<Json> findings = new ArrayList<>();
        for (Finding finding : verdict.findings()) {
            findings.add(Json.obj()
                    .put("file", finding.file())
                    .put("name", finding.name().code())
                    .put("sense", Sense.of(finding.name()).code())
                    .build());
        }
        return Json.obj()
                .put(
                        "audit",
                        Json.obj()
                                .put("extended", extended)
                                .put("findings", Json.arr(findings))
                                .putIfPresent("lockedUntil", lockedUntil)
                                .put("objects", objects)
                                .put("place", place)
                                .put("senses", senses.build())
                                .put("versions", versions)
                                .build())
                .put("code", verdict.code())
                .put("verdict", VerdictJson.object(verdict))
                .build();
    }
}
