package dev.terraseal.run.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ForwardingTest {
    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration NEVER = Duration.ofDays(1);

    private final Interrupts interrupts = Interrupts.none();
    private final Told terraform = new Told();

    /** Counts how often it was told to end, and goes on. */
    private static final class Told extends Process {
        private final Semaphore times = new Semaphore(0);

        @Override
        public void destroy() {
            times.release();
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public InputStream getErrorStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public int waitFor() {
            return 0;
        }

        @Override
        public int exitValue() {
            throw new IllegalThreadStateException("it runs");
        }
    }

    @Test
    void aSignalThatCameWhileTerraformWasStartedIsPassedOn() throws Exception {
        interrupts.came("TERM");
        try (Forwarding forwarding = new Forwarding(interrupts, terraform, () -> false, SOON)) {
            assertThat(terraform.times.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            assertThat(forwarding).isNotNull();
        }
    }

    @Test
    void whatShowsThatItWasToldIsNotToldAgain() throws Exception {
        Semaphore asked = new Semaphore(0);
        try (Forwarding forwarding = new Forwarding(
                interrupts,
                terraform,
                () -> {
                    asked.release();
                    return true;
                },
                SOON)) {
            interrupts.came("TERM");
            asked.acquire();
            assertThat(forwarding).isNotNull();
        }
        assertThat(terraform.times.availablePermits()).isZero();
    }

    @Test
    void theFirstSignalWaitsAndTheSecondGoesThroughAtOnce() {
        try (Forwarding forwarding = new Forwarding(interrupts, terraform, () -> false, NEVER)) {
            interrupts.came("TERM");
            assertThat(terraform.times.availablePermits()).isZero();
            interrupts.came("TERM");
            assertThat(terraform.times.availablePermits()).isEqualTo(1);
            assertThat(forwarding).isNotNull();
        }
    }
}
