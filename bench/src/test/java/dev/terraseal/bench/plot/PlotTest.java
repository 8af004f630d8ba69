package dev.terraseal.bench.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.terraseal.bench.BenchReport;
import dev.terraseal.bench.PlotBench;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class PlotTest {
    @TempDir
    private Path directory;

    private static BenchReport report() {
        return BenchReport.of(
                "signer <each>",
                "attestations/s",
                List.of(
                        new BenchReport.Round("local & alone", 90, 100),
                        new BenchReport.Round("local & alone", 100, 110),
                        new BenchReport.Round("other", 5, 4)),
                List.of(new BenchReport.Also("calls", "calls", 0.25, "for 1,000")));
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void everyKindOfRoundHasItsPanelWithBothLinesAndEveryRoundItsDots() throws Exception {
        Document picture = parsed(new Plot(new ObjectMapper().readTree(report().json())).svg());
        assertThat(picture.getElementsByTagName("polyline").getLength()).isEqualTo(4);
        assertThat(picture.getElementsByTagName("circle").getLength()).isEqualTo(6);
        assertThat(picture.getDocumentElement().getTextContent())
                .contains("signer <each>", "local & alone", "other", "0.25 calls", "for 1,000");
    }

    @Test
    void anAnswerSaysWhatItIsAboutAndOneKeptBeforeThatIsStillDrawn() throws Exception {
        ObjectNode answer = (ObjectNode) new ObjectMapper().readTree(report().json());
        assertThat(new Plot(answer).svg()).contains("local &amp; alone: 95.00, reference 105", "medians of 2");
        answer.remove(List.of("what", "how"));
        assertThat(new Plot(answer).svg()).contains("median 95.00, reference 105");
    }

    @Test
    void aScaleEndsAtARoundNumberNotBelowTheHighestPoint() {
        assertThat(Plot.above(3_100)).isEqualTo(5_000);
        assertThat(Plot.above(2_000)).isEqualTo(2_000);
        assertThat(Plot.above(2_001)).isEqualTo(2_500);
        assertThat(Plot.above(0.7)).isEqualTo(1.0);
        assertThat(Plot.above(0)).isPositive();
    }

    @Test
    void eachFileBecomesAPictureBesideItAndWhatIsNoAnswerIsRefused() throws Exception {
        Path answer = directory.resolve("signer.json");
        Files.writeString(answer, report().json());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertThat(PlotBench.run(List.of(answer), new PrintStream(out), new PrintStream(err)))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).trim())
                .isEqualTo(directory.resolve("signer.svg").toString());
        assertThat(parsed(Files.readString(directory.resolve("signer.svg")))
                        .getDocumentElement()
                        .getTagName())
                .isEqualTo("svg");
        Path other = directory.resolve("other.json");
        Files.writeString(other, "{\"bench\":\"x\"}");
        assertThat(PlotBench.run(List.of(other), new PrintStream(out), new PrintStream(err)))
                .isEqualTo(2);
        assertThat(PlotBench.run(List.of(directory.resolve("gone.json")), new PrintStream(out), new PrintStream(err)))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("it has no member unit", "gone.json is not there");
        assertThatThrownBy(() -> new Plot(new ObjectMapper().readTree("{}")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
