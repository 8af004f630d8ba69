package dev.terraseal.export.report;

import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.verifier.entries.StateContinuity;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.FindingName;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The parts of the page that are about entries. */
final class ReportTables {
    private static final int STREAMS_MAX = 200;
    private static final int FINDINGS_MAX = 100;

    private final Dossier dossier;

    ReportTables(Dossier dossier) {
        this.dossier = dossier;
    }

    /** Counts that answer the questions an auditor begins with. */
    void attention(Html out) {
        if (dossier.applies() == 0) {
            return;
        }
        Dossier.Attention seen = dossier.attention();
        out.raw("<section><h2>Worth a question</h2><ul class=\"questions\">");
        question(out, seen.notSucceeded(), "did not succeed (failed, partial, interrupted or unknown)");
        question(out, seen.removing(), "removed resources");
        question(out, seen.withoutTicket(), "name no ticket");
        question(
                out,
                seen.withoutIdentity(),
                "carry no identity that ingest verified; who ran them is the pipeline's own claim");
        question(out, seen.withoutSavedPlan(), "were not made from a saved plan");
        out.raw("</ul></section>");
    }

    private void question(Html out, long count, String what) {
        out.raw("<li class=\"" + (count == 0 ? "none" : "some") + "\"><b>").number(count);
        out.raw("</b> of ").number(dossier.applies()).raw(dossier.applies() == 1 ? " apply " : " applies ");
        out.text(what).raw("</li>");
    }

    void streams(Html out) {
        out.raw(
                "<section><h2>Streams</h2><div class=\"scroll\"><table><thead><tr><th>stream</th><th class=\"n\">entries"
                        + "</th><th class=\"n\">applies</th><th class=\"n\">not succeeded</th><th>newest entry</th><th>outcome</th>"
                        + "<th>state serial</th></tr></thead><tbody>");
        List<Map.Entry<StreamId, Dossier.Stream>> shown = dossier.streams().entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<StreamId, Dossier.Stream> stream) ->
                                stream.getKey().isReserved())
                        .thenComparing(stream -> -stream.getValue().entries())
                        .thenComparing(Map.Entry::getKey))
                .limit(STREAMS_MAX)
                .toList();
        for (Map.Entry<StreamId, Dossier.Stream> stream : shown) {
            Dossier.Stream seen = stream.getValue();
            Change newest = seen.newest();
            out.raw("<tr><td>").text(Change.cut(stream.getKey().value()));
            out.raw("</td><td class=\"n\">").number(seen.entries());
            out.raw("</td><td class=\"n\">").number(seen.applies());
            out.raw("</td><td class=\"n" + (seen.notSucceeded() > 0 ? " bad" : "") + "\">")
                    .number(seen.notSucceeded());
            out.raw("</td><td>").text(newest == null ? "" : newest.received());
            out.raw("</td><td>").text(newest == null ? "" : newest.outcome());
            out.raw("</td><td>").text(newest == null ? "" : newest.state()).raw("</td></tr>");
        }
        out.raw("</tbody></table></div>");
        int more = dossier.streams().size() - shown.size();
        if (more > 0) {
            out.raw("<p>").number(more).raw(" more streams with fewer entries are in population.csv.</p>");
        }
        out.raw("</section>");
    }

    void continuity(Html out) {
        StateContinuity continuity = dossier.continuity();
        out.raw("<section><h2>Do the states join?</h2><p>");
        if (continuity.lineages() == 0) {
            out.raw("No entry here carries a state.</p></section>");
            return;
        }
        out.text(Html.counted(continuity.lineages(), "state lineage", "state lineages") + "; "
                + Html.counted(continuity.joins(), "apply was", "applies were")
                + " compared with the one before in its stream. ");
        out.raw("A finding is about the world and not about this bundle: something this log did not record changed a"
                + " state, or a state was replaced.</p><div class=\"kinds\">");
        kind(out, FindingName.STATE_GAP, "gaps: an apply begins where the one before did not end");
        kind(out, FindingName.LINEAGE_CHANGED, "changed lineages: a stream goes on with another state");
        kind(out, FindingName.LINEAGE_IN_TWO_STREAMS, "lineages in two streams");
        kind(out, FindingName.EQUAL_SERIAL_OTHER_STATE, "equal serials with other states");
        out.raw("</div>");
        List<Finding> found = dossier.continuityFindings();
        if (!found.isEmpty()) {
            out.raw("<ul class=\"findings\">");
            for (Finding finding : found.subList(0, Math.min(found.size(), FINDINGS_MAX))) {
                out.raw("<li><code>").text(finding.name().code()).raw("</code> ");
                out.text(finding.file() + ": " + finding.message()).raw("</li>");
            }
            out.raw("</ul>");
        }
        if (continuity.breaks() > FINDINGS_MAX) {
            out.raw("<p>The first " + FINDINGS_MAX + " of ")
                    .number(continuity.breaks())
                    .raw(" are listed.</p>");
        }
        out.raw("</section>");
    }

    private void kind(Html out, FindingName name, String what) {
        long count = dossier.continuityFindings(name);
        out.raw("<div class=\"" + (count == 0 ? "none" : "some") + "\"><b>")
                .number(count)
                .raw("</b><span>");
        out.text(what).raw("</span></div>");
    }

    void changes(Html out) {
        List<Change> table = dossier.table();
        if (table.isEmpty()) {
            return;
        }
        out.raw(
                "<section><h2>Changes</h2><div class=\"scroll\"><table class=\"changes\"><thead><tr><th class=\"n\">entry"
                        + "</th><th>received (UTC)</th><th>stream</th><th>who</th><th>ticket</th><th>what</th><th>outcome</th>"
                        + "<th>state serial</th><th>plan</th></tr></thead><tbody>");
        for (Change change : table) {
            row(out, change);
        }
        out.raw("</tbody></table></div>");
        long more = dossier.ordinary() - table.size();
        if (more > 0) {
            out.raw("<p>The first ").number(table.size()).raw(" are here; ").number(more);
            out.raw(" more are in population.csv.</p>");
        }
        out.raw("<p class=\"small\">Who: an identity that ingest verified, or <em>in italics</em> what the pipeline"
                + " claimed.</p></section>");
    }

    private static void row(Html out, Change change) {
        String outcome = change.outcome();
        out.raw("<tr><td class=\"n\">").number(change.sequence());
        out.raw("</td><td class=\"time\">").text(change.received());
        out.raw("</td><td>").text(change.stream());
        out.raw("</td><td>").element(change.isVerified() ? "span" : "em", change.who());
        out.raw("</td><td>").text(change.ticket());
        out.raw("</td><td>").text(change.type().equals("terraform-apply") ? change.what() : change.type());
        String style = outcome.isEmpty() ? "" : outcome.equals("succeeded") ? "ok" : "bad";
        out.raw("</td><td class=\"" + style + "\">").text(outcome);
        out.raw("</td><td>").text(change.state());
        out.raw("</td><td class=\"hash\" title=\"").text(change.plan()).raw("\">");
        out.text(change.plan().substring(0, Math.min(12, change.plan().length())))
                .raw("</td></tr>");
    }
}
