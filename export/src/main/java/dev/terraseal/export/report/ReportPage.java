package dev.terraseal.export.report;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.verifier.bundle.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The page around the data of report.html: static, without a script, under a policy that lets a browser load nothing.
 * It is for reading; a verifier compares the data alone.
 */
public final class ReportPage {
    private final Facts facts;
    private final Dossier dossier;
    private final String css;

    /** What the page says beside the entries. */
    public record Facts(String origin, Digest genesis, Manifest manifest, Digest populationSha256, String exportKey) {}

    private ReportPage(Facts facts, Dossier dossier, String css) {
        this.facts = facts;
        this.dossier = dossier;
        this.css = css;
    }

    public static ReportPage of(Facts facts, Dossier dossier) throws IOException {
        try (InputStream in = ReportPage.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IOException("report.css is not in this build; build it again");
            }
            return new ReportPage(facts, dossier, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Everything up to the data. */
    public String before() {
        Html out = new Html();
        head(out);
        out.raw("<body><main>");
        title(out);
        numbers(out);
        out.raw("<section><h2>When</h2>");
        dossier.timeline().writeTo(out);
        quiet(out);
        out.raw("</section>");
        ReportTables tables = new ReportTables(dossier);
        tables.attention(out);
        tables.streams(out);
        tables.continuity(out);
        tables.changes(out);
        new ReportAssurance(facts, dossier).writeTo(out);
        out.raw("</main>\n");
        return out.toString();
    }

    /** Everything after it. */
    public String after() {
        return "\n</body></html>\n";
    }

    private void head(Html out) {
        String hash = Digest.of(Bytes.utf8(css)).base64();
        out.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
        out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-" + hash
                + "'; base-uri 'none'; form-action 'none'\">\n");
        out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        out.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        out.element("title", facts.origin() + ": " + scope()).raw("\n<style>" + css + "</style></head>\n");
    }

    private String scope() {
        Manifest manifest = facts.manifest();
        Manifest.Query query = manifest.query();
        return switch (query.kind()) {
            case ALL -> "the whole log";
            case RANGE -> "entries " + manifest.first() + " to " + manifest.last();
            case STREAM -> "stream " + query.stream();
            case FILTER -> "a selection";
        };
    }

    private void title(Html out) {
        Manifest manifest = facts.manifest();
        String asked = manifest.query().text();
        out.raw("<header><p class=\"kicker\">Evidence of changes</p>").element("h1", facts.origin());
        out.raw("<p class=\"lead\">").text(scope());
        if (asked != null) {
            out.raw(", asked for by <code>").text(Change.cut(asked)).raw("</code>");
        }
        Timestamp first = dossier.first();
        Timestamp last = dossier.last();
        if (first != null && last != null) {
            out.raw("; received from ").element("b", second(first)).raw(" to ").element("b", second(last));
        }
        out.raw(" (UTC)</p><p class=\"notice\">This page is for reading and proves nothing: whoever packed the bundle"
                + " wrote it. What is proven, a verifier says; see the end of the page.</p></header>");
    }

    private void numbers(Html out) {
        out.raw("<section class=\"numbers\">");
        number(out, dossier.applies(), dossier.applies() == 1 ? "apply" : "applies", "");
        number(
                out,
                dossier.attention().notSucceeded(),
                "did not succeed",
                dossier.attention().notSucceeded() > 0 ? "bad" : "");
        long streams = dossier.streams().keySet().stream()
                .filter(id -> !id.isReserved())
                .count();
        number(out, streams, streams == 1 ? "stream" : "streams", "");
        number(out, dossier.added(), "resources added", "");
        number(out, dossier.changed(), "changed", "");
        number(out, dossier.removed(), "removed", dossier.removed() > 0 ? "bad" : "");
        number(
                out,
                dossier.continuity().breaks(),
                dossier.continuity().breaks() == 1 ? "state finding" : "state findings",
                dossier.continuity().breaks() > 0 ? "bad" : "");
        out.raw("</section>");
    }

    private static void number(Html out, long value, String what, String style) {
        out.raw("<div class=\"" + style + "\"><b>")
                .number(value)
                .raw("</b><span>")
                .text(what)
                .raw("</span></div>");
    }

    private void quiet(Html out) {
        Dossier.Quiet quiet = dossier.quiet();
        if (quiet.millis() > 0) {
            out.raw("<p>The longest time with nothing received is <b>").text(duration(quiet.millis()));
            out.raw("</b>, between entries ").number(quiet.after()).raw(" and ").number(quiet.before());
            out.raw(
                    facts.manifest().isContiguous()
                            ? ".</p>"
                            : "; entries that are not in this bundle may lie between.</p>");
        }
    }

    static String second(Timestamp time) {
        return time.toString().substring(0, 19).replace('T', ' ');
    }

    private static String duration(long millis) {
        long seconds = millis / 1000;
        if (seconds < 120) {
            return millis < 10_000 ? millis / 1000 + "." + millis % 1000 / 100 + " s" : seconds + " s";
        }
        if (seconds < 2 * 3600) {
            return seconds / 60 + " min";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
    }
}
