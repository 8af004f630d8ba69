package dev.terraseal.run.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WaitingTest {
    @Test
    void whatFollowsAWaitThatWasStoppedIsNotInterrupted() throws Exception {
        Waiting waiting = new Waiting();
        waiting.begin();
        waiting.stop();
        waiting.end();
        assertThat(Thread.interrupted()).as("a write to disk would break off").isFalse();
        assertThatThrownBy(waiting::begin).isInstanceOf(InterruptedException.class);
    }

    @Test
    void whoeverDoesNotWaitIsNotInterrupted() {
        new Waiting().stop();
        assertThat(Thread.interrupted()).isFalse();
    }
}
