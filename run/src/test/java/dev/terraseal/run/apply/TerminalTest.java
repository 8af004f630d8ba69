package dev.terraseal.run.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.run.terraform.Interrupts;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TerminalTest {
    private final Interrupts interrupts = Interrupts.none();

    private static Terminal reading(InputStream in) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Terminal(in, nowhere, nowhere);
    }

    @Test
    void anAnswerIsALineOrTheEnd() throws Exception {
        Terminal terminal = reading(new ByteArrayInputStream("yes\nmore".getBytes(StandardCharsets.UTF_8)));
        assertThat(terminal.answer(interrupts)).isEqualTo(new Terminal.Line("yes"));
        assertThat(terminal.answer(interrupts)).isEqualTo(new Terminal.End());
    }

    @Test
    @Timeout(60)
    void aSignalBetweenTheQuestionAndTheWaitingIsAnAnswer() throws Exception {
        try (PipedOutputStream silent = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(silent)) {
            interrupts.came("TERM");
            assertThat(reading(in).answer(interrupts)).isEqualTo(new Terminal.Interrupted());
        }
    }
}
