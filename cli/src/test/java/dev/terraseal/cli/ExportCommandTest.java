package dev.terraseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.export.ExportException;
import org.junit.jupiter.api.Test;

class ExportCommandTest {
    @Test
    void aDamagedArchiveAndOneToAskLaterAreNoWrongUsage() {
        assertThat(code(ExportException.asked("no entry changed x"))).isEqualTo(2);
        assertThat(code(ExportException.notYet("wait for the next heads entry"))).isEqualTo(3);
        assertThat(code(ExportException.broken("entry 3 is not in the archive"))).isEqualTo(4);
        assertThat(ExportCommand.failed(ExportException.broken("entry 3 is not in the archive")))
                .hasMessage("entry 3 is not in the archive");
    }

    private static int code(ExportException refused) {
        return ExportCommand.failed(refused).exitCode();
    }
}
