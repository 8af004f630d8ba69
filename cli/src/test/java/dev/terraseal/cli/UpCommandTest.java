package dev.terraseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.cli.up.DataDirectory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code up} refuses before a log is born; one it does not refuse runs until it is stopped. */
@Timeout(120)
class UpCommandTest {
    @TempDir
    private Path temp;

    private Called up(String data, String... more) {
        List<String> all =
                new ArrayList<>(List.of("up", "--data", temp.resolve(data).toString()));
        all.addAll(List.of(more));
        return Called.with(all.toArray(String[]::new));
    }

    private void refused(String says, String... options) {
        Called called = up("data", options);
        assertThat(called.code()).as(called.err()).isEqualTo(2);
        assertThat(called.err()).contains(says);
        assertThat(temp.resolve("data")).as("no log is born").doesNotExist();
    }

    @Test
    void anOptionThatCannotBe() {
        refused("kafka.port is '70000', not a whole number from 0 to 65535", "--kafka-port", "70000");
        refused("http.port is '70000'", "--port", "70000");
        refused("heartbeat is a whole number of seconds, 1s or more", "--heartbeat", "1500ms");
        refused("heartbeat is a whole number of seconds, 1s or more", "--heartbeat", "500ms");
        refused("heartbeat is a whole number of seconds, 1s or more", "--heartbeat", "0s");
        refused("archive is 'S3://evidence/prod'", "--archive", "S3://evidence/prod");
    }

    /** An environment file of {@code up} that says where the evidence is to be kept. */
    @Test
    void noSettingIsPassedOver() throws Exception {
        refused("archive.s3.rejion is not a setting of this command", "--set", "archive.s3.rejion=eu");
        refused("signer.signing is 'never'", "--set", "signer.signing=never");
        Path file = Files.writeString(temp.resolve("up.yaml"), "archive: s3://B\nhttp: {port: 1}\n");
        refused("'s3://B' is not of the form s3://bucket/prefix", "--config", file.toString());
        refused("'s3://A' is not of the form", "--config", file.toString(), "--archive", "s3://A");
    }

    @Test
    void aDirectoryThatCannotBe() throws Exception {
        Called comma = up("a,b", "--port", "0");
        assertThat(comma.code()).as(comma.err()).isEqualTo(2);
        assertThat(comma.err()).contains("has a comma in its name");
        assertThat(temp.resolve("a,b")).doesNotExist();
    }

    @Test
    void whoHoldsTheDirectoryHoldsThePortToo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DataDirectory held = DataDirectory.open(temp.resolve("held"))) {
            String port = Integer.toString(taken.getLocalPort());
            Called second = up("held", "--port", port);
            assertThat(second.code()).isEqualTo(2);
            assertThat(second.err())
                    .contains(held.root() + " is in use by process "
                            + ProcessHandle.current().pid());
            assertThat(up("other", "--port", port).err())
                    .contains("HTTP port " + port + " is taken by another program");
        }
    }

    @Test
    void anAddressThatIsNotOursIsNotSaidToBeTaken() throws Exception {
        Path tokens = Files.writeString(temp.resolve("tokens"), "ci " + "0".repeat(64) + "\n");
        Called foreign = up("data", "--host", "192.0.2.1", "--tokens", tokens.toString(), "--port", "0");
        assertThat(foreign.code()).as(foreign.err()).isEqualTo(2);
        assertThat(foreign.err())
                .contains("HTTP cannot listen on 192.0.2.1:0", "give --host an address of this machine")
                .doesNotContain("taken");
    }
}
