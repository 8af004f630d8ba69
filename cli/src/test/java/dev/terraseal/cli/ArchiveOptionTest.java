package dev.terraseal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.settings.SettingsSource;
import dev.terraseal.store.s3.S3Location;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Where commands that read find an archive: what was given, and what {@code up} left in up.json. */
class ArchiveOptionTest {
    @TempDir
    private Path temp;

    private Path data;

    @BeforeEach
    void directory() throws Exception {
        data = Files.createDirectories(temp.resolve("srv/.terraseal"));
    }

    private void up(String archive, String more) throws Exception {
        Files.writeString(
                data.resolve("up.json"),
                "{\"archive\":\"" + archive + "\",\"http\":\"http://127.0.0.1:1\",\"kafka\":\"127.0.0.1:2\"" + more
                        + "}");
    }

    private ArchiveOption option(String... arguments) {
        ArchiveOption option = CommandLine.populateCommand(new ArchiveOption(), arguments);
        option.data.data = data;
        return option;
    }

    @Test
    void aRelativePlaceIsThatOfTheDataDirectoryAndNotOfWhoAsks() throws Exception {
        assertThat(option().settings().directory()).isEqualTo(data.resolve("archive"));
        up(".terraseal/archive", "");
        assertThat(option().settings().directory()).isEqualTo(data.resolve("archive"));
        up("deep/er/.terraseal/archive", "");
        assertThat(option().settings().directory()).isEqualTo(data.resolve("archive"));
        up("../evidence", "");
        assertThat(option().settings().directory()).isEqualTo(temp.resolve("evidence"));
        up("/var/evidence", "");
        assertThat(option().settings().directory()).isEqualTo(Path.of("/var/evidence"));
    }

    @Test
    void theServersS3IsAskedUnlessAnotherIsNamed() throws Exception {
        up(
                "s3://evidence/prod/",
                ",\"s3\":{\"endpoint\":\"http://ceph:7480\",\"pathStyle\":\"true\",\"region\":\"eu\"}");
        URI ceph = URI.create("http://ceph:7480");
        assertThat(option().settings().s3()).isEqualTo(new S3Location("evidence", "prod/", ceph, "eu", true));
        assertThat(option("--s3-region", "us", "--s3-path-style", "false")
                        .settings()
                        .s3())
                .isEqualTo(new S3Location("evidence", "prod/", ceph, "us", false));
        assertThat(option("--archive", "s3://other", "--s3-region", "us")
                        .settings()
                        .s3())
                .isEqualTo(new S3Location("other", "", null, "us", false));
    }

    @Test
    void aServicesSettingCountsUnlessAnArchiveIsNamed() throws Exception {
        up("/var/evidence", "");
        SettingsSource service = new SettingsSource().set("archive", "s3://evidence/prod");
        ArchiveOption none = option();
        assertThat(none.in(none.over(service).settings()).s3())
                .isEqualTo(new S3Location("evidence", "prod/", null, null, false));
        ArchiveOption named = option("--archive", "/srv/other");
        assertThat(named.in(named.over(service).settings()).directory()).isEqualTo(Path.of("/srv/other"));
        assertThat(none.in(none.over(new SettingsSource()).settings()).directory())
                .isEqualTo(Path.of("/var/evidence"));
    }

    @Test
    void aDamagedUpJsonIsNamedWithWhatToDo() throws Exception {
        for (String damaged :
                new String[] {"", "{", "{}", "\0\0\0", "{\"archive\":\"x\",\"http\":1,\"kafka\":\"y\"}"}) {
            Files.writeString(data.resolve("up.json"), damaged);
            assertThatThrownBy(() -> option().settings())
                    .as(damaged)
                    .isInstanceOfSatisfying(
                            CommandFailedException.class,
                            said -> assertThat(said.exitCode()).isEqualTo(3))
                    .hasMessageContainingAll(
                            data.resolve("up.json").toString(), "start terraseal up there again", "--server");
            for (String[] command : new String[][] {
                {"rejected", "list"},
                {"log", "tail"},
                {"key", "list"},
                {"export", "--out", temp + "/x"},
                {"log", "list"}
            }) {
                String[] all = java.util.Arrays.copyOf(command, command.length + 2);
                all[command.length] = "--data";
                all[command.length + 1] = data.toString();
                Called called = Called.with(all);
                assertThat(called.err()).as(String.join(" ", all)).contains("up.json, where terraseal up says");
                assertThat(called.code()).isEqualTo(3);
            }
        }
    }
}
