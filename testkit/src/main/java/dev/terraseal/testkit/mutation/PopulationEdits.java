package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.testkit.log.BundleBytes;
import java.util.ArrayList;
import java.util.List;

/** population.csv and the data of report.html made to tell another story, sealed with the real export key. */
final class PopulationEdits {
    private static final String CSV = "population.csv";
    private static final String PAGE = "report.html";
    private static final Expected OTHER = Expected.refused("derived", "derived-mismatch", "malformed");

    private final Draft draft;
    private final BundleBytes whole;

    private PopulationEdits(Draft draft) {
        this.draft = draft;
        this.whole = draft.bundle();
    }

    static void add(Draft draft) {
        if (draft.bundle().has(CSV)) {
            PopulationEdits edits = new PopulationEdits(draft);
            edits.bytes();
            edits.rows();
            edits.cells();
            edits.data();
        }
    }

    /** A cell, a row, what Excel would add, and the page that tells it all again. */
    static boolean isPublished(Mutation mutation) {
        return mutation.name()
                .matches("'(succeeded|'=HYPERLINK)' of population.csv is .*"
                        + "|row 2 of population.csv gone|population.csv with CR LF"
                        + "|'(\"count\":|\"populationSha256\":\")' of report.html is .*");
    }

    private void bytes() {
        Bytes csv = whole.get(CSV);
        for (int at : draft.places(csv, 8 * draft.weight())) {
            draft.resealed("byte " + at + " of " + CSV + " turned", whole.with(CSV, draft.flipped(csv, at)), OTHER);
            draft.resealed(CSV + " cut at " + at, whole.with(CSV, csv.slice(0, at)), OTHER);
        }
        draft.resealed("an empty " + CSV, whole.with(CSV, ""), OTHER);
        draft.resealed("a row more in " + CSV, whole.with(CSV, Bytes.concat(csv, Bytes.utf8("7,0,x\n"))), OTHER);
        draft.resealed(
                "a byte order mark before " + CSV, whole.with(CSV, Bytes.concat(Bytes.fromHex("efbbbf"), csv)), OTHER);
        draft.resealed(CSV + " with CR LF", whole.with(CSV, csv.utf8().replace("\n", "\r\n")), OTHER);
    }

    private void rows() {
        List<String> rows = List.of(whole.text(CSV).split("(?<=[0-9a-f]\n|prevHash\n)"));
        for (int at = 0; at < rows.size(); at++) {
            List<String> fewer = new ArrayList<>(rows);
            String row = fewer.remove(at);
            draft.resealed("row " + at + " of " + CSV + " gone", whole.with(CSV, String.join("", fewer)), OTHER);
            fewer.add(at, row);
            fewer.add(at, row);
            draft.resealed("row " + at + " of " + CSV + " twice", whole.with(CSV, String.join("", fewer)), OTHER);
        }
    }

    private void cells() {
        edit(CSV, "succeeded", "failed");
        edit(CSV, "acme/infra/prod", "acme/infra/test");
        edit(CSV, "'=HYPERLINK", "=HYPERLINK");
        edit(CSV, "\"\"", "\"");
        edit(CSV, "2026-11-22T01:02:", "2026-11-22T01:03:");
        edit(CSV, "repo:acme", "repo:evil");
    }

    private void data() {
        edit(PAGE, "\"outcome\":\"succeeded\"", "\"outcome\":\"failed\"");
        edit(PAGE, "\"outcome\":\"succeeded\",", "");
        edit(PAGE, "\"count\":", "\"count\":1");
        edit(PAGE, "\"checkpointSize\":", "\"checkpointSize\":1");
        edit(PAGE, "\"populationSha256\":\"", "\"populationSha256\":\"0");
        edit(PAGE, "\"countByOutcome\":{", "\"countByOutcome\":{\"failed\":7,");
        edit(PAGE, "\"rows\":[", "\"rows\":[{},");
        edit(PAGE, "]}</script>", ",{}]}</script>");
        edit(PAGE, "\\u003c", "<");
        edit(PAGE, "id=\"data\"", "id=\"dat\"");
        edit(PAGE, "=HYPERLINK", "=HYPERLINE");
    }

    private void edit(String file, String right, String wrong) {
        String text = whole.text(file);
        int at = text.indexOf(right);
        if (at < 0) {
            throw new IllegalStateException(file + " of " + draft.base().name() + " has no " + right + " to change");
        }
        String changed = text.substring(0, at) + wrong + text.substring(at + right.length());
        draft.resealed("'" + right + "' of " + file + " is '" + wrong + "'", whole.with(file, changed), OTHER);
    }
}
