package dev.terraseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code log init}, as it is called. */
class LogInitCommandTest {
    @TempDir
    private Path directory;

    private String err = "";

    private int init(String retention, String... more) {
        StringWriter errors = new StringWriter();
        int code = Terraseal.command()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(errors))
                .execute(Stream.concat(
                                Stream.of(
                                        "log",
                                        "init",
                                        "--dir",
                                        directory.resolve("log").toString(),
                                        "--archive",
                                        directory.resolve("archive").toString(),
                                        "--retention",
                                        retention),
                                Stream.of(more))
                        .toArray(String[]::new));
        err = errors.toString();
        return code;
    }

    @Test
    void noLogIsBornWithALockThatNoStoreKnows() {
        for (String retention : new String[] {"36501d", "999999999d", "23h", "0d"}) {
            assertThat(init(retention)).as(retention).isEqualTo(2);
            assertThat(err).contains("--retention is from 1d to 36500d");
            assertThat(directory.resolve("log")).as("no key is made either").doesNotExist();
        }
        assertThat(init("36500d")).as(err).isZero();
    }

    /** Keys and log.json are there, and half of the archive: nobody but this command can finish it. */
    @Test
    void aBirthCutShortIsFinishedByTheSameCommand() throws IOException {
        Path inTheWay = Files.createDirectories(directory.resolve("archive")).resolve("checkpoints");
        Files.writeString(inTheWay, "no directory");
        assertThat(init("400d")).isEqualTo(3);
        assertThat(err).contains("The same command again goes on from here");
        String log = Files.readString(directory.resolve("log/log.json"));
        Files.delete(inTheWay);
        assertThat(init("400d")).as(err).isZero();
        assertThat(Files.readString(directory.resolve("log/log.json"))).isEqualTo(log);
        assertThat(directory.resolve("archive/checkpoint")).exists();

        assertThat(init("400d")).as("a log begins once").isEqualTo(2);
        assertThat(err).contains("A log begins once");
        assertThat(init("400d", "--unless-begun")).as(err).isZero();
        Files.delete(directory.resolve("log/log.json"));
        assertThat(init("400d", "--unless-begun"))
                .as("another log in its archive")
                .isEqualTo(2);
    }
}
