package dev.terraseal.verifier.verdict;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A verdict for programs: one JSON object in canonical form. Names in it are stable. */
public final class VerdictJson {
    private VerdictJson() {}

    public static Bytes bytes(Verdict verdict) {
        return object(verdict).bytes();
    }

    public static Json.Obj object(Verdict verdict) {
        List<Json> layers = new ArrayList<>();
        for (LayerResult result : verdict.layers()) {
            layers.add(Json.obj()
                    .put("layer", result.layer().code())
                    .put("state", result.state().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .put("text", whole(result.headline()))
                    .put("detail", whole(result.detail()))
                    .build());
        }
        List<Json> findings = new ArrayList<>();
        for (Finding finding : verdict.findings()) {
            findings.add(Json.obj()
                    .put("layer", finding.layer().code())
                    .put("name", finding.name().code())
                    .put("failure", finding.name().isFailure())
                    .put("file", whole(finding.file()))
                    .put("message", whole(finding.message()))
                    .put("details", texts(finding.details()))
                    .build());
        }
        Json.Arr intervals = Json.arr(verdict.intervals().stream()
                .map(interval -> (Json) interval.json())
                .toList());
        Verdict.Facts facts = verdict.facts();
        return Json.obj()
                .put("code", verdict.code())
                .put(
                        "verdict",
                        verdict.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("meaning", verdict.outcome().meaning())
                .put("kind", verdict.kind())
                .putIfPresent("origin", facts.origin())
                .putIfPresent("genesis", facts.genesis())
                .putIfPresent("size", facts.size())
                .putIfPresent("root", facts.root())
                .putIfPresent("first", facts.first())
                .putIfPresent("count", facts.count())
                .putIfPresent("headSeenAt", facts.seenAt())
                .put("layers", Json.arr(layers))
                .put("findings", Json.arr(findings))
                .put("proven", texts(verdict.proven()))
                .put("notProven", texts(verdict.notProven()))
                .putIfPresent("intervals", verdict.intervals().isEmpty() ? null : intervals)
                .putIfPresent(
                        "intervalsNotKept",
                        verdict.intervalsNotKept() == 0 ? null : Long.valueOf(verdict.intervalsNotKept()))
                .build();
    }

    private static Json.Arr texts(List<String> texts) {
        return Json.texts(texts.stream().map(VerdictJson::whole).toList());
    }

    /** Names from outside may hold lone surrogates, which have no UTF-8 form. */
    private static String whole(String text) {
        return Printable.of(text);
    }
}
