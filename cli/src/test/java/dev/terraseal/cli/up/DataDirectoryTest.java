package dev.terraseal.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path parent;

    @Test
    void aSecondHolderIsToldWhoHoldsItAndWhatToDo() throws Exception {
        DataDirectory held = DataDirectory.open(parent.resolve("d"));
        assertThatThrownBy(() -> DataDirectory.open(parent.resolve("d")))
                .isInstanceOfSatisfying(CommandFailedException.class, refused -> {
                    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
                    assertThat(refused.getMessage())
                            .contains(
                                    "is in use by process "
                                            + ProcessHandle.current().pid(),
                                    "--data");
                });
        held.close();
        DataDirectory.open(parent.resolve("d")).close();
    }

    @Test
    void whatLiesInItIsForItsOwnerAndForNoRepository() throws Exception {
        Path root = parent.resolve("d");
        DataDirectory.open(root).close();
        assertThat(Files.getPosixFilePermissions(root)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(root.resolve(".gitignore")).hasContent("*\n");
    }

    @Test
    void aLayoutOfANewerReleaseIsNotTouched() throws Exception {
        Path root = parent.resolve("d");
        DataDirectory.open(root).close();
        Files.writeString(root.resolve("layout"), "2\n");
        assertThatThrownBy(() -> DataDirectory.open(root)).hasMessageContaining("layout 2", "layout 1");
    }

    @Test
    void namingADirectoryDoesNotMakeIt() {
        assertThat(DataDirectory.at(parent.resolve("none")).root()).doesNotExist();
    }
}
