package dev.terraseal.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineBenchTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) throws Exception {
        PrintStream print = new PrintStream(err, true, StandardCharsets.UTF_8);
        return PipelineBench.run(List.of(arguments), print, print);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rate", "--seconds", "--flood"})
    void whatAGrowingLogDoesNotListenToIsRefused(String other) throws Exception {
        assertThat(run("--grow", "10000", other, "5")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains(other + " means nothing with --grow", "usage: terraseal bench pipeline");
    }

    @Test
    void aLogThatGrowsHasAtLeastTheFirstSizeThatIsLookedAt() throws Exception {
        assertThat(run("--grow", "9999")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("at least 10000");
    }
}
