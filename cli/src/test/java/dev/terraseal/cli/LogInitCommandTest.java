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

    /** Who asks for seven years and hears that the log has begun believes that it has them. */
    @Test
    void aLogThatHasBegunIsHeldToWhatIsAsked() throws IOException {
        Path authority = directory.resolve("authority");
        assertThat(init("400d")).as(err).isZero();
        try (Stream<Path> born = Files.list(directory.resolve("log/authority"))) {
            Files.move(born.findFirst().orElseThrow(), authority);
        }
        assertThat(init("400d", "--unless-begun", "--heartbeat", "10m", "--authority-threshold", "1"))
                .as(err)
                .isZero();
        assertThat(init("400d", "--unless-begun", "--authority-key", authority.toString()))
                .as(err)
                .isZero();
        refused("declares a log that promises 400 days, not 2557", "2557d");
        refused("declares a log with a heartbeat of 600 s, not 60", "400d", "--heartbeat", "1m");
        refused("of whose authority 1 must sign, not 2", "400d", "--authority-threshold", "2");
        refused("with 1 authority keys, not 2", "400d", "--authority-key", "a", "--authority-key", "b");
        String other = key();
        refused("--authority-key out", "400d", "--authority-key", other);
        refused("leave --key out", "400d", "--key", other);
        refused("leave --log-key-source out", "400d", "--log-key-source", other);
        refused("not logs.acme.com/other", "400d", "--origin", "logs.acme.com/other");

        assertThat(init(
                        "400d",
                        "--unless-begun",
                        "--authority-key",
                        directory.resolve("offline").toString()))
                .as("an authority is offline when a service starts")
                .isZero();
        assertThat(err).contains("was not compared with log.json");
    }

    private void refused(String says, String retention, String... more) {
        assertThat(init(
                        retention,
                        Stream.concat(Stream.of("--unless-begun"), Stream.of(more))
                                .toArray(String[]::new)))
                .as(says + " " + err)
                .isEqualTo(2);
        assertThat(err).contains(says);
    }

    /** The Ed25519 key of another log. */
    private String key() throws IOException {
        Path other = directory.resolve("other");
        assertThat(Called.with("log", "init", "--dir", other.toString(), "--archive", other + "/archive")
                        .code())
                .isZero();
        try (Stream<Path> born = Files.list(other.resolve("authority"))) {
            return born.findFirst().orElseThrow().toString();
        }
    }

    @Test
    void noHeartbeatThatLogJsonCannotSay() {
        for (String heartbeat : new String[] {"1500ms", "500ms", "0s"}) {
            assertThat(init("400d", "--heartbeat", heartbeat)).as(heartbeat).isEqualTo(2);
            assertThat(err).contains("--heartbeat is a whole number of seconds, 1s or more, not " + heartbeat);
        }
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
