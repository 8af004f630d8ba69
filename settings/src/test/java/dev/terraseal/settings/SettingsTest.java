package dev.terraseal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    @Test
    void everyWrongValueIsReportedTogetherEachWithItsMend() {
        Settings settings = Settings.of(Map.of(
                "a.duration", "5 minutes",
                "a.number", "70000",
                "a.flag", "yes",
                "a.uri", "http://[",
                "a.path", "x\0y",
                "a.stranger", "1"));
        settings.duration("a.duration", Duration.ofSeconds(1));
        settings.integer("a.number", 1, 0, 65_535);
        settings.flag("a.flag", false);
        settings.uri("a.uri");
        settings.path("a.path");
        settings.text("a.missing");
        settings.problem("a.number", "is odd");

        assertThatThrownBy(settings::done).isInstanceOfSatisfying(SettingsException.class, wrong -> {
            assertThat(wrong.problems()).hasSize(8);
            assertThat(wrong.getMessage())
                    .contains("a.duration is '5 minutes', not a duration such as 500ms")
                    .contains("a.number is '70000', not a whole number from 0 to 65535")
                    .contains("a.flag is 'yes', not true or false")
                    .contains("a.uri is 'http://[', not a URI")
                    .contains("a.path is ")
                    .contains("a.missing is missing (environment: TERRASEAL_A_MISSING)")
                    .contains("a.number is odd")
                    .contains("a.stranger is not a setting of this command");
        });
    }

    @Test
    void aReadOfAWrongValueAnswersWithTheDefaultSoThatReadingGoesOn() {
        Settings settings = Settings.of(Map.of("d", "x", "n", "x"));
        assertThat(settings.duration("d", Duration.ofSeconds(7))).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.integer("n", 5, 0, 9)).isEqualTo(5);
    }

    @Test
    void valuesAreReadInTheirUnits() throws SettingsException {
        Settings settings = Settings.of(Map.of(
                "a", "500ms", "b", "5s", "c", "10m", "d", "2h", "e", "30d", "u", "https://h:1/x", "p", "dir/file"));
        assertThat(List.of("a", "b", "c", "d", "e"))
                .extracting(name -> settings.duration(name, Duration.ZERO))
                .containsExactly(
                        Duration.ofMillis(500),
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(10),
                        Duration.ofHours(2),
                        Duration.ofDays(30));
        assertThat(settings.uri("u")).contains(URI.create("https://h:1/x"));
        assertThat(settings.path("p")).contains(Path.of("dir", "file"));
        settings.done();
    }

    @Test
    void aDurationThatNoClockCanAddIsRefusedAndNotAnOverflow() {
        Settings settings = Settings.of(Map.of("d", "999999999999d"));
        settings.duration("d", Duration.ZERO);
        assertThatThrownBy(settings::done).isInstanceOf(SettingsException.class).hasMessageContaining("d is '9999");
    }

    @Test
    void aBlankValueIsAsGoodAsNone() {
        Settings settings = Settings.of(Map.of("name", "  "));
        assertThat(settings.optional("name")).isEmpty();
        assertThat(settings.text("name", "otherwise")).isEqualTo("otherwise");
    }

    @Test
    void aTypingErrorInANameIsReportedWithTheNamesThereAre() {
        Settings settings = Settings.of(Map.of("kafka.bootstraps", "x"));
        settings.text("kafka.bootstrap", "127.0.0.1:9092");
        assertThatThrownBy(settings::done)
                .hasMessageContaining("kafka.bootstraps is not a setting of this command; known are: kafka.bootstrap");
    }

    @Test
    void flagsWinOverTheEnvironmentAndThatOverTheFile(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("settings.yml");
        Files.writeString(file, "kafka:\n  bootstrap: file:1\n  client:\n    acks: all\nhttp:\n  port: 1\n  host: h\n");
        Settings settings = new SettingsSource()
                .file(file)
                .environment(Map.of("TERRASEAL_KAFKA_BOOTSTRAP", "env:2", "TERRASEAL_HTTP_PORT", "2"), List.of())
                .set("http.port", "3")
                .settings();
        assertThat(settings.text("kafka.bootstrap")).isEqualTo("env:2");
        assertThat(settings.integer("http.port", 0, 0, 9)).isEqualTo(3);
        assertThat(settings.text("http.host")).isEqualTo("h");
        assertThat(settings.below("kafka.client.", name -> true)).isEqualTo(Map.of("acks", "all"));
        settings.done();
    }

    @Test
    void twoUnderscoresOfAVariableAreADashAndOtherVariablesAreLeftAlone() throws SettingsException {
        Settings settings = new SettingsSource()
                .environment(
                        Map.of(
                                "TERRASEAL_ARCHIVER_CHECKPOINT__INTERVAL", "1s",
                                "TERRASEAL_TOKEN", "secret",
                                "PATH", "/bin"),
                        List.of("TOKEN"))
                .settings();
        assertThat(settings.duration("archiver.checkpoint-interval", Duration.ZERO))
                .isEqualTo(Duration.ofSeconds(1));
        settings.done();
    }

    @Test
    void aProblemNamesTheVariableThatMendsIt() {
        Settings settings = Settings.of(Map.of());
        settings.text("archiver.checkpoint-interval");
        assertThatThrownBy(settings::done).hasMessageContaining("TERRASEAL_ARCHIVER_CHECKPOINT__INTERVAL");
    }

    @Test
    void whatAnotherCommandReadsIsLeftOutAndWhatNobodyReadsIsNamed() {
        Settings settings = Settings.of(Map.of("signer.key", "local", "sinker.key", "local"));
        settings.leaveOut("signer.key");
        assertThat(settings.unread()).containsExactly("sinker.key");
        assertThat(settings.problems()).isEmpty();
        assertThatThrownBy(settings::done).hasMessageContaining("sinker.key is not a setting of this command");
    }

    @Test
    void whatIsInForceIsShownWithoutSecrets() {
        Settings settings = Settings.of(Map.of(
                "registry.password", "hunter2",
                "kafka.client.sasl.jaas.config", "user hunter2",
                "kafka.client.ssl.keystore.key", "-----BEGIN PRIVATE KEY----- hunter2",
                "kafka.client.security.protocol", "SSL",
                "registry.url", "http://who:hunter2@r1:8081,https://who:hunter2@r2/x@y",
                "http.port", "8480",
                "pkcs11.pin", "hunter2"));
        settings.optional("registry.password");
        settings.uri("registry.url");
        settings.optional("pkcs11.pin");
        settings.below("kafka.client.", "security.protocol"::equals);
        settings.integer("http.port", 1, 0, 65_535);
        settings.text("http.host", "127.0.0.1");
        assertThat(settings.effective())
                .doesNotContain("hunter2")
                .contains("registry.password=<redacted>", "http.port=8480", "http.host=127.0.0.1")
                .contains("kafka.client.ssl.keystore.key=<redacted>", "kafka.client.security.protocol=SSL")
                .contains("registry.url=http://<redacted>@r1:8081,https://<redacted>@r2/x@y");
    }

    @Test
    void aSecretThatIsNoNumberIsNotPrintedInTheProblemEither() {
        Settings settings = Settings.of(Map.of("hsm.pin", "hunter2"));
        settings.integer("hsm.pin", 0, 0, 9_999);
        assertThatThrownBy(settings::done)
                .hasMessageContaining("hsm.pin")
                .message()
                .doesNotContain("hunter2");
    }

    @Test
    void aFileThatIsNoMapOfSettingsIsRefusedByName(@TempDir Path directory) throws IOException {
        Path list = Files.writeString(directory.resolve("list.yml"), "- a\n- b\n");
        Path broken = Files.writeString(directory.resolve("broken.yml"), "a: [\n");
        assertThatThrownBy(() -> new SettingsSource().file(list)).hasMessageContaining("list.yml is not a map");
        assertThatThrownBy(() -> new SettingsSource().file(broken)).hasMessageContaining("broken.yml is not YAML");
        assertThatThrownBy(() -> new SettingsSource().file(directory.resolve("none.yml")))
                .hasMessageContaining("cannot read")
                .hasMessageContaining("none.yml");
    }

    @Test
    void aUrlThatIsNoneIsNotPrintedWithItsPassword() {
        Settings settings = Settings.of(Map.of("registry.url", "http://who:hunter2@["));
        settings.uri("registry.url");
        assertThatThrownBy(settings::done)
                .hasMessageContaining("registry.url is 'http://<redacted>@['")
                .message()
                .doesNotContain("hunter2");
    }

    @Test
    void whatKubernetesSaysOfAServiceCalledLikeUsIsNoSetting() throws SettingsException {
        Settings settings = new SettingsSource()
                .environment(
                        Map.ofEntries(
                                Map.entry("TERRASEAL_SERVICE_HOST", "10.0.0.1"),
                                Map.entry("TERRASEAL_SERVICE_PORT", "8480"),
                                Map.entry("TERRASEAL_SERVICE_PORT_HTTP", "8480"),
                                Map.entry("TERRASEAL_PORT", "tcp://10.0.0.1:8480"),
                                Map.entry("TERRASEAL_PORT_8480_TCP", "tcp://10.0.0.1:8480"),
                                Map.entry("TERRASEAL_INGEST_SERVICE_HOST", "10.0.0.1"),
                                Map.entry("TERRASEAL_INGEST_PORT_8480_TCP_ADDR", "10.0.0.1"),
                                Map.entry("TERRASEAL_INGEST_PORT_8480_UDP_PROTO", "udp"),
                                Map.entry("TERRASEAL_METRICS_PORT", "tcp://10.0.0.1:9090"),
                                Map.entry("TERRASEAL_HTTP_PORT", "8481")),
                        List.of())
                .settings();
        assertThat(settings.integer("http.port", 8480, 0, 65_535)).isEqualTo(8481);
        settings.done();
    }

    private static Settings yaml(Path directory, String text) throws Exception {
        return new SettingsSource()
                .file(Files.writeString(directory.resolve("settings.yml"), text))
                .settings();
    }

    @Test
    void aValueOfAFileIsTheTextThatStandsThere(@TempDir Path directory) throws Exception {
        Settings settings = yaml(directory, """
                password: 012345
                host: no
                topic: 12_34
                when: 1:30
                day: 2026-11-22
                hex: 0x1f
                quoted: "null"
                nothing:
                tilde: ~
                flag: true
                """);
        assertThat(List.of("password", "host", "topic", "when", "day", "hex", "quoted"))
                .extracting(settings::text)
                .containsExactly("012345", "no", "12_34", "1:30", "2026-11-22", "0x1f", "null");
        assertThat(settings.optional("nothing")).isEmpty();
        assertThat(settings.optional("tilde")).isEmpty();
        assertThat(settings.flag("flag", false)).isTrue();
        settings.done();
    }

    @Test
    void aListIsItsTextsWithCommas(@TempDir Path directory) throws Exception {
        Settings settings = yaml(directory, "log:\n  files: [a.json, 012.json]\n  more:\n    - x\n    - y\n");
        assertThat(settings.text("log.files")).isEqualTo("a.json,012.json");
        assertThat(settings.text("log.more")).isEqualTo("x,y");
        assertThatThrownBy(() -> yaml(directory, "log:\n  files: [[a], b]\n  more: [{x: y}]\nlast: ['a,b']\n"))
                .hasMessageContaining("settings.yml: log.files is a list, and not of texts without commas")
                .hasMessageContaining("log.more is a list")
                .hasMessageContaining("last is a list");
    }

    @Test
    void aNameThatStandsTwiceIsRefused(@TempDir Path directory) {
        assertThatThrownBy(() -> yaml(directory, "http:\n  port: 1\n  port: 2\n"))
                .hasMessageContaining("settings.yml is not YAML: line 3, column 3: found duplicate key port");
        assertThatThrownBy(() -> yaml(directory, "http.port: 1\nhttp: {port: 2}\n"))
                .hasMessageContaining("http.port stands there twice");
    }

    @Test
    void anErrorInAFileSaysWhereAndDoesNotQuoteIt(@TempDir Path directory) {
        for (String line : List.of(
                "@hunter2!", "*hunter2", "!hunter2 x", "!hunter2!x y", "'hunter2", "[hunter2", "\"hunter2\\q\"")) {
            assertThatThrownBy(() -> yaml(directory, "a: b\npassword: " + line + "\n"))
                    .as(line)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("settings.yml is not YAML: line ")
                    .message()
                    .doesNotContain("hunter2");
        }
    }

    @Test
    void aFileThatCannotBeReadIsNamedWithTheReason(@TempDir Path directory) throws IOException {
        assertThatThrownBy(() -> new SettingsSource().file(directory.resolve("none.yml")))
                .hasMessageEndingWith("none.yml is not there");
        Path latin = Files.write(directory.resolve("latin.yml"), new byte[] {'a', ':', ' ', (byte) 0xFC});
        assertThatThrownBy(() -> new SettingsSource().file(latin)).hasMessageEndingWith("it is no UTF-8");
    }
}
