package dev.terraseal.verifier.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.verifier.time.Interval;
import dev.terraseal.verifier.time.Intervals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTextTest {
    private static Verdict strangers(int count) {
        Findings findings = new Findings(true);
        for (int i = 0; i < count; i++) {
            findings.add(Layer.FILE_HASHES, FindingName.STRANGER, "x" + i, "Stranger: x" + i);
        }
        return new Verdict(
                Outcome.FAILED,
                "bundle",
                Verdict.Facts.NONE,
                findings.layers(),
                findings.inOrder(),
                List.of(),
                List.of(),
                List.of());
    }

    @Test
    void itSaysHowManyMoreThereAreAndWhatTheReportKeepsOfThem() {
        assertThat(VerdictText.lines(strangers(20))).noneMatch(line -> line.contains("more findings"));
        assertThat(VerdictText.lines(strangers(21))).contains("1 more findings: --report FILE has them all");
        assertThat(VerdictText.lines(strangers(300)))
                .contains("280 more findings: --report FILE has 180 of them, the other 100 are counted only");
    }

    @Test
    void intervalsThatAreNotKeptAreCounted() {
        List<Interval> intervals = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            intervals.add(new Interval(i, i, null, Instant.ofEpochSecond(i)));
        }
        Findings findings = new Findings(true);
        findings.conclude(LayerResult.valid(Layer.TIME, "25 tokens"));
        Verdict verdict = new Verdict(
                        Outcome.TRUSTED,
                        "bundle",
                        Verdict.Facts.NONE,
                        findings.layers(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of())
                .within(new Intervals(intervals, 7));

        assertThat(VerdictText.lines(verdict))
                .contains("  12 more intervals: --report FILE has 5 of them, the other 7 are counted only");
        assertThat(CanonicalJson.parseObject(VerdictJson.bytes(verdict)).number("intervalsNotKept"))
                .isEqualTo(7);
    }
}
