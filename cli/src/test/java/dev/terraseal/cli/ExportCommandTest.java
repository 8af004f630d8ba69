package dev.terraseal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.export.ExportException;
import dev.terraseal.testkit.log.LogFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
    @Test
    void aDamagedArchiveAndOneToAskLaterAreNoWrongUsage() {
        assertThat(code(ExportException.asked("no entry changed x"))).isEqualTo(2);
        assertThat(code(ExportException.notYet("wait for the next heads entry")))
                .isEqualTo(3);
        assertThat(code(ExportException.broken("entry 3 is not in the archive")))
                .isEqualTo(4);
        assertThat(ExportCommand.failed(ExportException.broken("entry 3 is not in the archive")))
                .hasMessage("entry 3 is not in the archive");
    }

    @Test
    void everyCheckpointFileAndSizeIsAskedFor(@TempDir Path temp) throws Exception {
        LogFixture fixture = LogFixture.small();
        ExportCommand command = new ExportCommand();
        command.out = temp.resolve("bundle");
        for (int size = 1; size < 3; size++) {
            Path file = temp.resolve("checkpoint-" + size);
            Files.write(file, fixture.checkpoint(size).bytes().toByteArray());
            command.fromCheckpoint.add(file.toString());
        }
        command.fromCheckpoint.add("3");

        assertThat(command.request().from()).containsExactly(fixture.checkpoint(1), fixture.checkpoint(2));
        assertThat(command.request().fromSizes()).containsExactly(3L);
        command.fromCheckpoint.add(Files.writeString(temp.resolve("note"), "x").toString());
        assertThatThrownBy(command::request).hasMessageContaining("note is no checkpoint");
    }

    private static int code(ExportException refused) {
        return ExportCommand.failed(refused).exitCode();
    }
}
