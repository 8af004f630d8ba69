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
    void somebodysDirectoryIsLeftAsItIs() throws Exception {
        Path home = Files.createDirectories(parent.resolve("home"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(home.resolve("main.tf"), "");
        Files.writeString(home.resolve("keys"), "");
        assertThatThrownBy(() -> DataDirectory.open(home))
                .isInstanceOfSatisfying(
                        CommandFailedException.class,
                        refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContainingAll("holds main.tf", "such as " + home.resolve("terraseal"));
        assertThat(home.resolve(".gitignore")).doesNotExist();
        assertThat(Files.getPosixFilePermissions(home)).isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
        DataDirectory.open(Files.createDirectories(parent.resolve("empty"))).close();
        DataDirectory.open(parent.resolve("empty")).close();
    }

    /** As docs/operations.md says of a disk that was lost, or as {@code log init} left it. */
    @Test
    void aNewDirectoryWithTheLogsOwnFilesIsTaken() throws Exception {
        Path root = Files.createDirectories(parent.resolve("mounted"));
        Files.createDirectories(root.resolve("lost+found"));
        Files.createDirectories(root.resolve("keys"));
        Files.createDirectories(root.resolve("authority"));
        Files.writeString(root.resolve("log.json"), "{}");
        DataDirectory.open(root).close();
        Files.writeString(root.resolve("notes.txt"), "ours, and more");
        DataDirectory.open(root).close();
    }

    @Test
    void aLayoutThatAFullDiskLeftEmptyIsNone() throws Exception {
        Path root = Files.createDirectories(parent.resolve("full"));
        Files.writeString(root.resolve(".gitignore"), "*\n");
        Files.writeString(root.resolve("layout"), "");
        Files.writeString(root.resolve("layout.new"), "");
        DataDirectory.open(root).close();
        assertThat(root.resolve("layout")).hasContent("1\n");
    }

    @Test
    void namingADirectoryDoesNotMakeIt() {
        assertThat(DataDirectory.at(parent.resolve("none")).root()).doesNotExist();
    }
}
