package dev.terraseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code log init}, as it is called. */
class LogInitCommandTest {
    @TempDir
    private Path directory;

    private String err = "";

    private int init(String retention) {
        StringWriter errors = new StringWriter();
        int code = Terraseal.command()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(errors))
                .execute(
                        "log",
                        "init",
                        "--dir",
                        directory.resolve("log").toString(),
                        "--archive",
                        directory.resolve("archive").toString(),
                        "--retention",
                        retention);
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
}
