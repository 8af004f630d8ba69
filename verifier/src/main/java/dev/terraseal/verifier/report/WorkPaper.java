package dev.terraseal.verifier.report;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.verifier.verdict.Printable;
import dev.terraseal.verifier.verdict.Verdict;
import dev.terraseal.verifier.verdict.VerdictJson;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything an auditor files: what was checked, when, by which verifier, with which options, and the whole verdict.
 *
 * @param options as they were typed
 * @param files what the options name, by their bytes
 * @param checkedAt by the clock of the machine that checked
 */
public record WorkPaper(
        Verdict verdict, Subject subject, List<String> options, List<AskedFile> files, Instant checkedAt) {
    /** The version of this verifier; a test holds it to the build's. */
    public static final String VERSION = "0.1.0";

    private static final String FORMAT = "https://terraseal.dev/work-paper/v1";

    public WorkPaper {
        options = List.copyOf(options);
        files = List.copyOf(files);
        checkedAt = checkedAt.truncatedTo(ChronoUnit.SECONDS);
    }

    /** One JSON object in canonical form. */
    public Bytes json() {
        Json.Builder of = Json.obj().put("path", Printable.of(subject.path()));
        if (subject.sha256() != null) {
            of.put("digestOf", subject.of()).put("sha256", subject.sha256());
        }
        Json.Builder head = Json.obj()
                .putIfPresent("size", verdict.facts().size())
                .putIfPresent("seenAt", verdict.facts().seenAt())
                .putIfPresent("ageSeconds", ageSeconds());
        List<Json> asked = new ArrayList<>();
        for (AskedFile file : files) {
            asked.add(Json.obj()
                    .put("option", file.option())
                    .put("path", Printable.of(file.path()))
                    .put("sha256", file.sha256())
                    .build());
        }
        return Json.obj()
                .put("format", FORMAT)
                .put("checkedAt", checkedAt.toString())
                .put("verifier", "terraseal " + VERSION)
                .put("subject", of.build())
                .put("options", Json.texts(options.stream().map(Printable::of).toList()))
                .put("files", Json.arr(asked))
                .put("head", head.build())
                .put("verdict", VerdictJson.object(verdict))
                .build()
                .bytes();
    }

    /** How old the head was, by the witnesses of the trust file; null without them. */
    @Nullable Long ageSeconds() {
        String seen = verdict.facts().seenAt();
        return seen == null
                ? null
                : Long.valueOf(Duration.between(Instant.parse(seen), checkedAt).toSeconds());
    }

    /** One self-contained page: no script, nothing loaded. */
    public String html() {
        return WorkPaperPage.of(this);
    }
}
