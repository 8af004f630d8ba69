package dev.terraseal.export.report;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.verifier.bundle.Manifest;
import java.util.Map;

/** The end of the page: control totals, what a verification proves and what none can, and how to make one. */
final class ReportAssurance {
    private final ReportPage.Facts facts;
    private final Manifest manifest;
    private final Dossier dossier;

    ReportAssurance(ReportPage.Facts facts, Dossier dossier) {
        this.facts = facts;
        this.manifest = facts.manifest();
        this.dossier = dossier;
    }

    void writeTo(Html out) {
        totals(out);
        shown(out);
        lists(out);
        how(out);
    }

    private void totals(Html out) {
        out.raw("<section><h2>Control totals</h2><p>A verifier derives these again from the artifacts.</p>"
                + "<div class=\"scroll\"><table class=\"totals\"><tbody>");
        total(out, "rows of population.csv", Html.grouped(manifest.count()));
        total(out, "first and last sequence", manifest.first() + " \u2013 " + manifest.last());
        counts(out, "", manifest.countByType());
        counts(out, "outcome ", manifest.countByOutcome());
        total(out, "SHA-256 of population.csv", facts.populationSha256().hex());
        out.raw("</tbody></table></div></section>");
    }

    private static void counts(Html out, String prefix, Json.Obj counts) {
        for (Map.Entry<String, Json> count : counts.members().entrySet()) {
            total(out, prefix + Change.cut(count.getKey()), Html.grouped(((Json.Num) count.getValue()).value()));
        }
    }

    private static void total(Html out, String what, String value) {
        out.raw("<tr><td>")
                .text(what)
                .raw("</td><td class=\"hash\">")
                .text(value)
                .raw("</td></tr>");
    }

    private void shown(Html out) {
        long hidden = manifest.checkpointSize() - manifest.count();
        out.raw("<section><h2>What is shown, and what is not</h2><p>The head of this bundle covers ");
        out.text(Html.counted(manifest.checkpointSize(), "entry", "entries")).raw("; ");
        out.number(manifest.count()).raw(manifest.count() == 1 ? " is" : " are").raw(" here");
        out.raw(hidden == 0 ? ", which is all of them." : ", ").text(hidden == 0 ? "" : Html.grouped(hidden));
        out.raw(hidden == 0 ? "" : hidden == 1 ? " is not." : " are not.").raw("</p><p>");
        out.text(
                switch (manifest.query().kind()) {
                    case ALL, RANGE -> "Between the first and the last nothing is left out: the range is proven whole.";
                    case STREAM ->
                        "These are all entries of the stream below the last heads entry, which is here too: the log"
                                + " states in it how many there are.";
                    case FILTER ->
                        "This is a selection. That nothing which fits it was left out is not proven"
                                + " by it; ask for the whole range where that matters.";
                });
        out.raw("</p></section>");
    }

    private void lists(Html out) {
        out.raw("<section class=\"two\"><div><h2>Proven by verification</h2><ul class=\"proven\">");
        item(out, "each statement is, byte for byte, what a key of this log signed for its place");
        item(
                out,
                switch (manifest.query().kind()) {
                    case ALL, RANGE ->
                        "entries " + manifest.first() + " to " + manifest.last()
                                + " are whole, in order and under one signed head";
                    case STREAM ->
                        "these are all entries of the stream up to a heads entry, and each is under one signed head";
                    case FILTER -> "each entry is under one signed head";
                });
        item(out, "this page's data and population.csv are what the artifacts give");
        out.raw("</ul></div><div><h2>Not proven by anything here</h2><ul class=\"open\">");
        item(out, "that what is recorded is true");
        item(out, "when anything happened, beyond the log's own clock");
        item(out, "that others were shown the same history, or that this is the newest there is");
        item(out, "anything that was never submitted, beyond the gap it leaves in a state");
        if (manifest.query().kind() == Manifest.Kind.FILTER) {
            item(out, "that the selection is complete");
        }
        if (dossier.attention().withoutIdentity() > 0) {
            item(out, "who ran the applies that carry no verified identity");
        }
        out.raw("</ul></div></section>");
    }

    private static void item(Html out, String text) {
        out.element("li", text);
    }

    private void how(Html out) {
        out.raw(
                "<section><h2>How to verify</h2><ol><li>Get the genesis of this log from somewhere else than this bundle:"
                        + " a signed tag, a DNS record, a contract, the phone. Whoever packed this says that it is<br>"
                        + "<code class=\"genesis\">");
        out.text(facts.genesis().hex()).raw("</code><br>which proves nothing: compare the two.</li>");
        out.raw(
                "<li>Take the verifier from its release page, and compare its published hash. Then, in the directory of the"
                        + " bundle, with the genesis you got:<br><code>terraseal verify . --genesis <em>GENESIS</em>");
        out.raw(
                        "</code></li><li>Or follow README.txt, which needs only <code>openssl</code> and <code>sha256sum</code>."
                                + "</li></ol><p class=\"small\">Made ")
                .text(ReportPage.second(manifest.made()));
        out.raw(" UTC by terraseal ").text(manifest.version()).raw("; sealed by export key ");
        out.text(facts.exportKey()).raw(", which says who packed the files and nothing about the log.</p></section>");
    }
}
