package dev.terraseal.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.terraseal.bench.BenchReport.Round;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchReportTest {
    private static final BenchReport REPORT = BenchReport.of(
            "verify",
            "s",
            List.of(
                    new Round("single", 10, 10),
                    new Round("single", 12, 10),
                    new Round("single", 11, 10),
                    new Round("batched", 30, 10),
                    new Round("batched", 20, 10)),
            List.of());

    @Test
    void theAnswerIsAboutTheFirstKindOfRoundAndSaysSo() throws Exception {
        JsonNode json = new ObjectMapper().readTree(REPORT.json());
        assertThat(json.get("what").asText()).isEqualTo("single");
        assertThat(json.get("value").asDouble()).isEqualTo(11);
        assertThat(json.get("ratio").asDouble()).isEqualTo(1.1);
        assertThat(json.get("how").asText()).contains("medians of 3", "1.00 to 1.20");
        assertThat(json.get("rounds")).hasSize(5);
    }

    @Test
    void everyOtherKindIsPrintedBelowIt() {
        assertThat(REPORT.text().lines().toList())
                .satisfiesExactly(
                        first -> assertThat(first).contains("verify: single", "ratio 1.10"),
                        second -> assertThat(second).contains("batched: 25.00", "ratio 2.50", "medians of 2"));
    }
}
