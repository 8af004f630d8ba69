package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ThreeBrokersTest {
    @TempDir
    Path directory;

    @Test
    @Timeout(1200)
    void whoWaitsForABrokerThatEndedIsToldWhichAndWhereToLook() throws Exception {
        try (ThreeBrokers kafka = new ThreeBrokers(directory)) {
            kafka.all().get(1).process().destroyForcibly().waitFor();
            assertThatThrownBy(kafka::awaitAll)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("broker 2 ended with 137")
                    .hasMessageContaining("broker-2.log");
        }
    }
}
