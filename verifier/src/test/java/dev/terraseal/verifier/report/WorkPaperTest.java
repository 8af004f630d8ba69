package dev.terraseal.verifier.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.verifier.time.Interval;
import dev.terraseal.verifier.time.Intervals;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.Outcome;
import dev.terraseal.verifier.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkPaperTest {
    private static WorkPaper paper() {
        Finding finding = new Finding(
                Layer.CHAIN,
                FindingName.BROKEN_LINK,
                "artifacts/1.json",
                "<script>alert('x')</script>",
                List.of("more"));
        Verdict verdict = new Verdict(
                Outcome.FAILED,
                "bundle",
                new Verdict.Facts("log.example", "ab", 4L, "cm9vdA==", 0L, 4L, "2026-11-22T01:00:00Z"),
                List.of(),
                List.of(finding),
                List.of(),
                List.of("that what is recorded is true"),
                List.of());
        Subject subject = new Subject("x.zip", "the file", Digest.of(dev.terraseal.core.bytes.Bytes.utf8("x")));
        AskedFile trust = new AskedFile("--trust", "<b>.json", Digest.of(dev.terraseal.core.bytes.Bytes.utf8("{}")));
        return new WorkPaper(
                verdict, subject, List.of("--genesis", "ab"), List.of(trust), Instant.parse("2026-11-22T02:00:00.5Z"));
    }

    @Test
    void theJsonSaysWhatWasCheckedWhenAndHow() {
        Json.Obj json = CanonicalJson.parseObject(paper().json());

        assertThat(json.string("checkedAt")).isEqualTo("2026-11-22T02:00:00Z");
        assertThat(json.object("head").number("ageSeconds")).isEqualTo(3600);
        assertThat(json.array("options").strings()).containsExactly("--genesis", "ab");
        assertThat(json.object("subject").string("digestOf")).isEqualTo("the file");
        assertThat(json.object("verdict").number("code")).isEqualTo(4);
        assertThat(json.string("verifier")).isEqualTo("terraseal " + WorkPaper.VERSION);
    }

    @Test
    void whatWasAskedIsToldByItsBytes() {
        Json.Obj file = CanonicalJson.parseObject(paper().json())
                .array("files")
                .objects()
                .get(0);
        String digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

        assertThat(file.string("option")).isEqualTo("--trust");
        assertThat(file.string("path")).isEqualTo("<b>.json");
        assertThat(file.string("sha256")).isEqualTo(digest);
        assertThat(paper().html()).contains("SHA-256 of --trust &lt;b&gt;.json").contains(digest);
    }

    @Test
    void nothingFromOutsideIsMarkupInThePage() {
        String page = paper().html();

        assertThat(page)
                .contains("default-src 'none'")
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;; more")
                .contains("VERIFICATION FAILED (4)")
                .doesNotContain("<script>");
    }

    @Test
    void itSaysHowManyIntervalsItDoesNotHave() {
        WorkPaper paper = paper();
        Interval one = new Interval(0, 3, null, Instant.parse("2026-11-22T02:00:00Z"));
        WorkPaper timed = new WorkPaper(
                paper.verdict().within(new Intervals(List.of(one), 12)),
                paper.subject(),
                paper.options(),
                paper.files(),
                paper.checkedAt());

        assertThat(timed.html()).contains("<li>" + one.text()).contains("<li>12 more intervals are not kept</li>");
        assertThat(CanonicalJson.parseObject(timed.json()).object("verdict").number("intervalsNotKept"))
                .isEqualTo(12);
    }

    @Test
    void itsVersionIsTheBuilds() throws IOException {
        assertThat(Files.readString(Path.of("pom.xml"))).contains("<version>" + WorkPaper.VERSION + "</version>");
    }
}
