package dev.terraseal.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.ExitCode;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.keys.KeySources;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsSource;
import dev.terraseal.store.ArchiveStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a data directory and the archive it is started with. */
class LogInstanceTest {
    @TempDir
    private Path temp;

    private DataDirectory data;

    @BeforeEach
    void open() throws Exception {
        data = DataDirectory.open(temp.resolve("data"));
    }

    @AfterEach
    void close() throws Exception {
        data.close();
    }

    private LogDeclaration start(String archive) throws Exception {
        SecureRandom random = new SecureRandom();
        Settings settings = new SettingsSource()
                .set("archive", temp.resolve(archive).toString())
                .settings();
        UpOptions options = UpOptions.from(settings, data.root());
        settings.done();
        KeySources keys = new KeySources(data.keys(), options.kms(), random);
        try (ArchiveStore store = options.archive().open()) {
            return LogInstance.openOrBegin(data, options, store, keys, random, born -> {});
        }
    }

    private void wasReady(String archive) throws Exception {
        data.write(
                data.upJson(),
                Bytes.utf8("{\"archive\":\"" + temp.resolve(archive)
                        + "\",\"http\":\"http://127.0.0.1:1\",\"kafka\":\"127.0.0.1:2\"}"));
    }

    @Test
    void anArchiveThatWasForgottenIsNotBegunASecondTime() throws Exception {
        LogDeclaration log = start("first");
        wasReady("first");
        assertThat(start("first").genesis()).isEqualTo(log.genesis());
        assertThatThrownBy(() -> start("second"))
                .isInstanceOfSatisfying(
                        CommandFailedException.class,
                        refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContainingAll(
                        "is archived in " + temp.resolve("first"),
                        temp.resolve("second") + " holds no log",
                        "--archive " + temp.resolve("first"),
                        "move " + data.upJson() + " away");
        assertThat(temp.resolve("second/log.json")).doesNotExist();

        Files.delete(data.upJson());
        assertThat(start("second").genesis()).as("on purpose").isEqualTo(log.genesis());
        wasReady("first");
        assertThat(start("second").genesis()).as("it is its archive now").isEqualTo(log.genesis());
    }

    /** After a loss of power nobody knows which archive it was. */
    @Test
    void norWhereItCannotBeKnown() throws Exception {
        start("first");
        Files.writeString(data.upJson(), "");
        assertThatThrownBy(() -> start("second")).hasMessageContaining(data.upJson() + ", where terraseal up says");
        start("first");
    }

    @Test
    void aBirthCutShortIsFinished() throws Exception {
        LogDeclaration log = start("first");
        Files.delete(temp.resolve("first/log.json"));
        assertThat(start("first").genesis()).isEqualTo(log.genesis());
    }
}
