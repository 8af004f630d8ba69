package dev.terraseal.testkit.mutation;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import java.util.List;

/** Tickets that are formulas only for a spreadsheet which separates at other places than a comma. */
final class SplitCells {
    static final String BASE = "formulas";
    private static final List<String> TICKETS = List.of(
            "x;=1+cmd|'/C calc'!A0;",
            "a;;+1",
            "b;\"\"-1;c",
            "tab\t@SUM(A1)",
            "row\n=1",
            "row\r\n=2",
            "\t=3",
            "d; =4",
            "e;'=5;f=6");
    private static final Expected OTHER = Expected.refused("derived", "derived-mismatch");

    private SplitCells() {}

    static Draft draft(long seed) {
        LogFixture log = LogFixture.seeded("terraseal.local/formulas", seed);
        for (String ticket : TICKETS) {
            Json.Obj body = Json.obj()
                    .put("outcome", "succeeded")
                    .put("change", Json.obj().put("ticket", ticket).build())
                    .build();
            log.append(PredicateType.TERRAFORM_APPLY, Logs.PROD, "cell-" + log.size(), body);
        }
        BundleBytes whole = FixtureExport.of(log.heads()).withDerivedFiles().whole();
        Draft draft = TwoReadings.draftOf(BASE, log, whole);
        draft.resealed("the cells that they are", whole, Expected.unproven(""));
        for (String cell : List.of(";'=1+cmd", ";;'+1", ";\"\"\"\"'-1", "\t'@SUM", "row\n'=1", "\r\n'=2", "'\t'=3")) {
            String csv = whole.text("population.csv");
            int at = csv.indexOf(cell) + cell.lastIndexOf('\'');
            draft.resealed(
                    "no ' in " + cell,
                    whole.with("population.csv", csv.substring(0, at) + csv.substring(at + 1)),
                    OTHER);
        }
        return draft;
    }
}
