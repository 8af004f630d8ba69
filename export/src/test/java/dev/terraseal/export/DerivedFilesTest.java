package dev.terraseal.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Layer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DerivedFilesTest {
    private static final List<String> HOSTILE = List.of(
            "=HYPERLINK(\"https://evil.example\",\"click\")",
            "+1",
            "-1",
            "@SUM(A1)",
            "\tTAB",
            "\rCR",
            "x;=1+cmd|'/C calc'!A0;",
            "x;\"=2;",
            "x\t+3",
            "x\n-4",
            "a,b",
            "say \"no\"",
            "two\nlines",
            "</script><script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "\u001b[31mred",
            "\u202egnp.exe",
            "' onmouseover='alert(1)",
            "\ud83d\ude80 launch");

    private final LogFixture fixture = LogFixture.small();

    @TempDir
    private Path temp;

    private void fill() {
        for (String ticket : HOSTILE) {
            Json.Obj body = Json.obj()
                    .put("outcome", "failed")
                    .put("change", Json.obj().put("ticket", ticket).build())
                    .put(
                            "plan",
                            Json.obj().put("sha256", "ab").put("saved", true).build())
                    .build();
            fixture.append(PredicateType.TERRAFORM_APPLY, "acme/db", "hostile-" + fixture.size(), body);
        }
        fixture.heads();
    }

    private Path file(String name) {
        return temp.resolve("bundle").resolve(name);
    }

    private String read(String name) throws Exception {
        return Files.readString(file(name));
    }

    @Test
    void populationIsExactlyWhatTheFormatsPageSays() throws Exception {
        new Auditor(fixture, temp).receives(new Selection.All(), "bundle");
        List<String> lines = Files.readAllLines(file("population.csv"));

        assertThat(lines.get(0))
                .isEqualTo(
                        "sequence,streamSequence,stream,type,id,occurredAt,receivedAt,issuer,subject,ticket,planSha256,"
                                + "outcome,entryHash,prevHash");
        assertThat(lines.get(2))
                .isEqualTo(
                        "1,1,acme/infra/prod,https://terraseal.dev/terraform-apply/v1,apply-1,2026-11-22T01:02:00.000Z,"
                                + "2026-11-22T01:02:01.000Z,,,,,succeeded,"
                                + fixture.entries().get(1).entryHash() + ","
                                + fixture.entries().get(0).entryHash());
        assertThat(lines).hasSize(5);
        assertThat(read("population.csv")).endsWith("\n").doesNotContain("\r");
    }

    @Test
    void textFromOutsideIsATextAndNothingElse() throws Exception {
        fill();
        Auditor auditor = new Auditor(fixture, temp);
        auditor.receives(new Selection.All(), "bundle");
        auditor.trusts(temp.resolve("bundle"));

        String csv = read("population.csv");
        assertThat(csv)
                .contains(",\"'=HYPERLINK(\"\"https://evil.example\"\",\"\"click\"\")\",")
                .contains(",'+1,")
                .contains(",'-1,")
                .contains(",'@SUM(A1),")
                .contains(",'\tTAB,")
                .contains(",\"'\rCR\",")
                .contains(",x;'=1+cmd|'/C calc'!A0;,")
                .contains(",\"x;\"\"'=2;\",")
                .contains(",x\t'+3,")
                .contains(",\"x\n'-4\",")
                .contains(",\"a,b\",")
                .contains(",\"say \"\"no\"\"\",")
                .contains(",\"two\nlines\",");
        String page = read("report.html");
        assertThat(Pattern.compile("<script").matcher(page).results().count()).isOne();
        assertThat(page)
                .doesNotContain("<img")
                .doesNotContain("\u001b")
                .contains("default-src 'none'")
                .contains("&lt;img src=x onerror=alert(1)&gt;");
        String shown = page.substring(0, page.indexOf("<script"));
        assertThat(shown).doesNotContain("\u202e");
        Json.Obj data = CanonicalJson.parseObject(Bytes.utf8(data(page).replace("\\u003c", "<")));
        List<Json.Obj> rows = data.array("rows").objects();
        for (int i = 0; i < HOSTILE.size(); i++) {
            assertThat(rows.get(4 + i).string("ticket")).isEqualTo(HOSTILE.get(i));
        }
    }

    private static String data(String page) {
        String begin = "<script type=\"application/json\" id=\"data\">";
        int from = page.indexOf(begin) + begin.length();
        return page.substring(from, page.indexOf("</script>", from));
    }

    /** 300 findings of one kind are more than are kept, and those of another come behind them. */
    @Test
    void theReportCountsStateFindingsThatItDoesNotKeep() throws Exception {
        for (int i = 0; i < 300; i++) {
            fixture.apply("acme/gaps", 10L * i, 10L * i + 1);
        }
        fixture.apply("acme/two", "11111111-2222-3333-4444-555555555555", 1, 2);
        fixture.apply("acme/two", "66666666-2222-3333-4444-555555555555", 2, 3).heads();
        new Auditor(fixture, temp).receives(new Selection.All(), "bundle");

        assertThat(read("report.html"))
                .contains("<b>299</b><span>gaps")
                .contains("<b>1</b><span>changed lineages")
                .contains("<b>0</b><span>equal serials");
    }

    @Test
    void anyChangedByteOfThePopulationIsFoundWhoeverSealsIt() throws Exception {
        Auditor auditor = new Auditor(fixture, temp);
        auditor.receives(new Selection.All(), "bundle");
        byte[] good = Files.readAllBytes(file("population.csv"));
        for (int at = 0; at < good.length; at += 7) {
            byte[] changed = good.clone();
            changed[at] ^= 1;
            Files.write(file("population.csv"), changed);

            Finding found = auditor.refusesResealed(temp.resolve("bundle"));
            assertThat(found.name()).isEqualTo(FindingName.DERIVED_MISMATCH);
            assertThat(found.message()).contains("population.csv: ").endsWith("first difference at byte " + at);
        }
    }

    @Test
    void aRowMoreOrLessIsFound() throws Exception {
        Auditor auditor = new Auditor(fixture, temp);
        auditor.receives(new Selection.All(), "bundle");
        String good = read("population.csv");
        Files.writeString(file("population.csv"), good + good.substring(good.indexOf("\n3,") + 1));
        assertThat(auditor.refusesResealed(temp.resolve("bundle")).message()).contains("it goes on at byte");
        Files.writeString(file("population.csv"), good.substring(0, good.indexOf("\n3,") + 1));
        assertThat(auditor.refusesResealed(temp.resolve("bundle")).message())
                .contains("row 4 (entry 3)")
                .contains("where the file ends");
    }

    @Test
    void anyChangedByteOfTheReportsDataIsFoundAndTheRestIsForPeople() throws Exception {
        Auditor auditor = new Auditor(fixture, temp);
        auditor.receives(new Selection.All(), "bundle");
        String good = read("report.html");
        int from = good.indexOf(data(good));
        int to = from + data(good).length();
        byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
        int offset = good.substring(0, from).getBytes(StandardCharsets.UTF_8).length;
        for (int at = 0; at < to - from; at += 11) {
            byte[] changed = bytes.clone();
            changed[offset + at] ^= 1;
            Files.write(file("report.html"), changed);

            Finding found = auditor.refusesResealed(temp.resolve("bundle"));
            assertThat(found.layer()).isEqualTo(Layer.DERIVED);
            assertThat(found.message()).contains("report.html: ").endsWith("first difference at byte " + (offset + at));
        }
        Files.writeString(file("report.html"), good.replace("Worth a question", "Nothing to ask"));
        FixtureBundle.seal(fixture, temp.resolve("bundle"));
        auditor.trusts(temp.resolve("bundle"));
    }

    @Test
    void aReportWithoutDataOrWithTwoIsRefused() throws Exception {
        Auditor auditor = new Auditor(fixture, temp);
        auditor.receives(new Selection.All(), "bundle");
        String good = read("report.html");
        Files.writeString(file("report.html"), good.replace("id=\"data\"", "id=\"Data\""));
        assertThat(auditor.refusesResealed(temp.resolve("bundle")).message()).contains("it holds no data");
        Files.writeString(file("report.html"), good + "<script type=\"application/json\" id=\"data\">{}</script>");
        assertThat(auditor.refusesResealed(temp.resolve("bundle")).message()).contains("data twice");
        String rows = data(good).substring(data(good).indexOf(",\"rows\":["));
        Files.writeString(file("report.html"), good.replace(rows, "}"));
        assertThat(auditor.refusesResealed(temp.resolve("bundle")).message()).contains("totals in its data");
    }

    @Test
    void whatABundleLeavesOutIsSaidAndTheRestStillHolds() throws Exception {
        Auditor auditor = new Auditor(fixture, temp);
        auditor.receives(new Selection.All(), "bundle");
        Files.delete(file("population.csv"));
        FixtureBundle.seal(fixture, temp.resolve("bundle"));

        assertThat(auditor.trusts(temp.resolve("bundle")).layers().toString())
                .contains("population.csv is not in this bundle");
    }

    @Test
    void countsOfTheManifestAreDerivedAgain() throws Exception {
        Auditor auditor = new Auditor(fixture, temp);
        auditor.receives(new Selection.All(), "bundle");
        Files.writeString(file("manifest.json"), read("manifest.json").replace("\"succeeded\":3", "\"succeeded\":2"));

        assertThat(auditor.refusesResealed(temp.resolve("bundle")).name()).isEqualTo(FindingName.COUNT_MISMATCH);
    }

    @Test
    void thePageOfTheReleaseIsNotCheckedAndItsHashIsSaid() throws Exception {
        Auditor auditor = new Auditor(fixture, temp);
        auditor.receives(new Selection.All(), "bundle");
        Files.writeString(file("verify.html"), "<p>whatever");
        FixtureBundle.seal(fixture, temp.resolve("bundle"));

        assertThat(auditor.trusts(temp.resolve("bundle")).layers().toString())
                .contains("verify.html not checked: compare its SHA-256 with the release page, "
                        + Digest.of(Bytes.utf8("<p>whatever")));
    }
}
