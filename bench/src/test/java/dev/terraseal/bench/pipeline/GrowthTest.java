package dev.terraseal.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.bench.BenchReport;
import dev.terraseal.bench.BenchReport.Also;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GrowthTest {
    @Test
    void theLastPointIsWhatWasAskedFor() {
        assertThat(Growth.points(900_000)).containsExactly(10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 900_000);
        assertThat(Growth.points(10_000)).containsExactly(10_000);
        assertThat(Growth.points(100_000)).endsWith(50_000, 100_000).doesNotHaveDuplicates();
    }

    /** What fills up early must not be told away by a last stretch in which it is full. */
    @Test
    void theWholeSlopeIsToldBesideTheLastStretchAndWhatIsNoIdByItself() {
        BenchReport report = Growth.report(
                "each",
                List.of(
                        new Growth.Point(10_000, 1_000, 500, 75_000_000, 500_000, 500_000),
                        new Growth.Point(100_000, 400, 2_000, 123_000_000, 5_000_000, 5_000_000),
                        new Growth.Point(1_000_000, 300, 3_000, 213_000_000, 45_000_000, 45_000_000)));
        Map<String, Double> also =
                report.also().stream().collect(Collectors.toMap(Also::what, Also::value, (one, same) -> one));
        assertThat(also.get("live heap an entry more, from 10000 to 1000000")).isEqualTo(138e6 / 990_000);
        assertThat(also.get("live heap an entry more, from 100000 to 1000000")).isEqualTo(100.0);
        assertThat(also.get("of it no ids, from 10000 to 1000000")).isEqualTo(49e6 / 990_000);
        assertThat(also.get("of it no ids, from 100000 to 1000000")).isEqualTo(10e6 / 900_000);
        assertThat(also.get("ids in the sequencer, an entry")).isEqualTo(45.0);
        assertThat(report.ratio()).isEqualTo(0.75);
        assertThat(report.headline().how()).contains("up to 100000");
    }
}
