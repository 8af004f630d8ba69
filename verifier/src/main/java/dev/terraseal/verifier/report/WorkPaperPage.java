package dev.terraseal.verifier.report;

import dev.terraseal.verifier.time.Interval;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.LayerResult;
import dev.terraseal.verifier.verdict.Printable;
import dev.terraseal.verifier.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;

/** A work paper as a page: text from outside is escaped, and the page may load and run nothing. */
final class WorkPaperPage {
    private static final String HEAD = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>Verification work paper</title>
        <style>
        body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
        h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
        .verdict{font-size:1.2rem;font-weight:600;padding:.8rem 1rem;border-left:.4rem solid;margin:1rem 0}
        .good{color:#0a5c2b;background:#e8f5ec}.bad{color:#8a1010;background:#fdecec}.open{color:#6b4a00;background:#fdf5e3}
        table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #dde1e6}
        th{font-weight:600;width:14rem}code,td{overflow-wrap:anywhere}code{font:13px/1.4 ui-monospace,monospace}
        @media print{body{margin:0}}
        </style></head><body>
        """;

    private final WorkPaper paper;
    private final StringBuilder out = new StringBuilder(HEAD);

    private WorkPaperPage(WorkPaper paper) {
        this.paper = paper;
    }

    static String of(WorkPaper paper) {
        WorkPaperPage page = new WorkPaperPage(paper);
        page.write();
        return page.out.toString();
    }

    private void write() {
        Verdict verdict = paper.verdict();
        String kind = switch (verdict.outcome()) {
            case TRUSTED, INTACT -> "good";
            case FAILED -> "bad";
            case NOT_EVALUATED, NOT_YET_TRUSTED, PROMISED -> "open";
        };
        out.append("<h1>Verification work paper</h1>\n<p class=\"verdict ")
                .append(kind)
                .append("\">");
        text(verdict.outcome().title() + ": " + verdict.outcome().meaning());
        out.append("</p>\n");
        facts(verdict);
        layers(verdict);
        findings(verdict.findings());
        list("When", when(verdict));
        list("Proven", verdict.proven());
        list("Not proven", verdict.notProven());
        list("What to do", verdict.advice());
        out.append("</body></html>\n");
    }

    private void facts(Verdict verdict) {
        out.append("<table>\n");
        row("Checked", paper.subject().path() + " (" + verdict.kind() + ")");
        if (paper.subject().sha256() != null) {
            row("SHA-256 of " + paper.subject().of(), paper.subject().sha256().hex());
        }
        row("Checked at", paper.checkedAt() + ", by the clock of the machine that checked");
        row("Verifier", "terraseal " + WorkPaper.VERSION);
        row("Options", paper.options().isEmpty() ? "none" : String.join(" ", paper.options()));
        for (AskedFile file : paper.files()) {
            row("SHA-256 of " + file.option() + " " + file.path(), file.sha256().hex());
        }
        Verdict.Facts facts = verdict.facts();
        row("Log", facts.origin() == null ? "unknown" : facts.origin());
        row("Genesis", facts.genesis() == null ? "unknown" : facts.genesis());
        row("Head", facts.size() == null ? "none that holds" : "size " + facts.size() + ", root " + facts.root());
        row(
                "Age of the head",
                facts.seenAt() == null
                        ? "not known: no cosignature by witnesses of a trust file"
                        : "witnesses saw it at " + facts.seenAt() + ", " + paper.ageSeconds() + " seconds before");
        if (facts.count() != null) {
            row("Entries", facts.count() + " from " + facts.first() + " on");
        }
        out.append("</table>\n");
    }

    private void layers(Verdict verdict) {
        out.append("<h2>Layers</h2>\n<table>\n");
        for (LayerResult result : verdict.layers()) {
            row(result.layer().title(), result.headline() + (result.detail().isEmpty() ? "" : ": " + result.detail()));
        }
        out.append("</table>\n");
    }

    private void findings(List<Finding> findings) {
        out.append("<h2>Findings</h2>\n");
        if (findings.isEmpty()) {
            out.append("<p>None.</p>\n");
            return;
        }
        out.append("<table>\n");
        for (Finding finding : findings) {
            StringBuilder what = new StringBuilder(finding.message());
            finding.details().forEach(detail -> what.append("; ").append(detail));
            if (!finding.file().isEmpty() && !finding.message().contains(finding.file())) {
                what.insert(0, finding.file() + ": ");
            }
            row(finding.layer().title() + ": " + finding.name().code(), what.toString());
        }
        out.append("</table>\n");
    }

    private static List<String> when(Verdict verdict) {
        List<String> lines =
                new ArrayList<>(verdict.intervals().stream().map(Interval::text).toList());
        if (verdict.intervalsNotKept() > 0) {
            lines.add(verdict.intervalsNotKept() + " more intervals are not kept");
        }
        return lines;
    }

    private void list(String title, List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        out.append("<h2>").append(title).append("</h2>\n<ul>\n");
        for (String line : lines) {
            out.append("<li>");
            text(line);
            out.append("</li>\n");
        }
        out.append("</ul>\n");
    }

    private void row(String name, String value) {
        out.append("<tr><th>");
        text(name);
        out.append("</th><td>");
        text(value);
        out.append("</td></tr>\n");
    }

    private void text(String text) {
        out.append(Printable.html(text));
    }
}
