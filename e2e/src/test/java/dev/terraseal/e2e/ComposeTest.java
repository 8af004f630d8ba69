package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.testkit.s3.S3StandIn;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** docker-compose.yml by its shape: no Docker engine is asked. That the services work so is {@link ClusterTest}. */
class ComposeTest {
    private static final String VOLUME = "/var/lib/terraseal";

    private final Map<String, Map<String, Object>> services = services();

    @TempDir
    Path directory;

    @Test
    void everyServiceOfOursAndWhatItNeedsIsThere() {
        assertThat(services.keySet())
                .containsExactlyInAnyOrder(
                        "kafka",
                        "registry",
                        "s3",
                        "bucket",
                        "topics",
                        "log",
                        "sequencer",
                        "signer",
                        "archiver",
                        "witness",
                        "ingest");
        assertThat(Terminal.ROOT.resolve("Dockerfile")).exists();
    }

    @Test
    void imagesArePinned() {
        services.forEach((name, service) -> {
            if (service.get("image") instanceof String image) {
                assertThat(image).as(name).matches("[a-z0-9./-]+:.*\\d.*").doesNotEndWith(":latest");
            } else {
                assertThat(service.get("build")).as(name).isEqualTo(".");
            }
        });
    }

    @Test
    void everyDependencyIsAService() {
        services.forEach((name, service) -> {
            if (service.get("depends_on") instanceof Map<?, ?> needed) {
                assertThat(services.keySet())
                        .as(name)
                        .containsAll(
                                needed.keySet().stream().map(String::valueOf).toList());
            }
        });
    }

    /** A setting nobody reads is reported by the service, with every other problem; so the one added here must be alone. */
    @Test
    void everySettingIsOneItsServiceReads() throws IOException {
        Files.copy(Terminal.ROOT.resolve("examples/demo/log.json"), directory.resolve("log.json"));
        for (String name : List.of("topics", "sequencer", "signer", "archiver", "witness", "ingest")) {
            Map<String, String> environment = environment(name);
            environment.put("TERRASEAL_STRANGER", "1");
            Terminal.Result said = Terminal.run(
                    directory,
                    environment,
                    Terminal.command(words(name, "command").toArray()));
            assertThat(said.exit()).as(name + " " + said).isEqualTo(2);
            assertThat(said.err().lines().filter(line -> line.startsWith("  ")).toList())
                    .as(name + " " + said)
                    .singleElement()
                    .asString()
                    .startsWith("  stranger is not a setting of this command");
        }
    }

    /** Going over to batches is one setting: the same, signed in batches, lacks nothing the service asks for. */
    @Test
    void theSignerMayBeToldToSignInBatches() throws IOException {
        Files.copy(Terminal.ROOT.resolve("examples/demo/log.json"), directory.resolve("log.json"));
        Map<String, String> environment = environment("signer");
        assertThat(environment.put("TERRASEAL_SIGNER_SIGNING", "batch")).isEqualTo("each");
        assertThat(environment.get("TERRASEAL_ARCHIVE"))
                .isEqualTo(environment("archiver").get("TERRASEAL_ARCHIVE"));
        environment.put("TERRASEAL_STRANGER", "1");
        Terminal.Result said = Terminal.run(
                directory,
                environment,
                Terminal.command(words("signer", "command").toArray()));
        assertThat(said.err().lines().filter(line -> line.startsWith("  ")).toList())
                .as(said.toString())
                .singleElement()
                .asString()
                .startsWith("  stranger is not a setting of this command");
    }

    @Test
    void theLogOfTheDeploymentBeginsAsItSays() throws Exception {
        try (S3StandIn s3 = S3StandIn.start(Clock.systemUTC())) {
            assertThat(words("bucket", "command").get(0)).endsWith("--with-lock s3/evidence");
            Surroundings.createBucket(s3.endpoint(), "evidence", true);
            List<String> words = new ArrayList<>();
            for (String word : words("log", "command")) {
                words.add(word.replace(VOLUME, directory.toString())
                        .replace("http://s3:9000", s3.endpoint().toString()));
            }
            // At every `up` again: the services wait for its success.
            for (int start = 0; start < 2; start++) {
                Terminal.Result born = Terminal.run(directory, environment("log"), Terminal.command(words.toArray()));
                assertThat(born.exit()).as(born.toString()).isZero();
                assertThat(directory.resolve("log.json")).exists();
            }
        }
    }

    @Test
    void theTokenIsTheOneTheCommentNames() throws IOException {
        String text = Files.readString(Terminal.ROOT.resolve("docker-compose.yml"));
        assertThat(text)
                .contains(
                        "for the token \"change-me\"",
                        "pipeline " + Digest.of(Bytes.utf8("change-me")).hex());
    }

    private Map<String, String> environment(String service) {
        Map<String, String> out = new TreeMap<>();
        if (services.get(service).get("environment") instanceof Map<?, ?> environment) {
            environment.forEach((name, value) -> out.put(
                    String.valueOf(name),
                    String.valueOf(value)
                            .replace(VOLUME, directory.toString())
                            .replaceFirst("^\\$\\{[A-Z_]+:-(.*)}$", "$1")));
        }
        return out;
    }

    private List<String> words(String service, String what) {
        return ((List<?>) services.get(service).get(what))
                .stream().map(String::valueOf).toList();
    }

    private static Map<String, Map<String, Object>> services() {
        try (Reader reader = Files.newBufferedReader(Terminal.ROOT.resolve("docker-compose.yml"))) {
            Map<String, Object> root = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
            Map<String, Map<String, Object>> out = new TreeMap<>();
            ((Map<?, ?>) root.get("services")).forEach((name, service) -> {
                Map<String, Object> members = new TreeMap<>();
                ((Map<?, ?>) service).forEach((member, value) -> members.put(String.valueOf(member), value));
                out.put(String.valueOf(name), members);
            });
            return out;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
