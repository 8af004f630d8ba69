package dev.terraseal.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArchiveBenchTest {
    /** Every five seconds a checkpoint, whatever comes in them: the counts follow from the rate and from nothing else. */
    @Test
    void whatALogCostsFallsWithItsRate() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream talk = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        int exit = ArchiveBench.run(List.of("--rounds", "1", "--entries", "300", "--json"), print, talk);
        assertThat(exit).isZero();
        JsonNode report = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
        Map<String, Double> also = new HashMap<>();
        report.get("also")
                .forEach(each ->
                        also.put(each.get("what").asText(), each.get("value").asDouble()));
        String calls = "KMS calls, log key, per 1,000 entries at ";
        assertThat(also.get(calls + "1/s")).isBetween(200.0, 210.0);
        assertThat(also.get(calls + "100/s")).isBetween(3.0, 10.0);
        assertThat(also.get(calls + "1000/s")).isBetween(3.0, 7.0);
        String puts = "PUT per 1,000 entries at ";
        assertThat(also.get(puts + "1/s")).isBetween(1_000.0, 2_000.0);
        assertThat(also.get(puts + "100/s")).isBetween(10.0, 150.0);
        assertThat(report.get("rounds")).hasSize(1);
        assertThat(report.get("ratio").asDouble()).isPositive();
    }

    @Test
    void whatIsNoOptionIsSaid() throws Exception {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(err, true, StandardCharsets.UTF_8);
        assertThat(ArchiveBench.run(List.of("--archive", "/tmp"), print, print)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("s3://", "usage: terraseal bench archive");
    }
}
