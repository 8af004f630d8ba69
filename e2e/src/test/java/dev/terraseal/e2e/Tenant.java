package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One log of a deployment: its partition, its archive, its keys and the three services that are its own. */
final class Tenant {
    private final Surroundings around;
    private final String name;
    private final int partition;
    private final Path directory;
    private final int port;
    private final String genesis;
    private final Map<String, String> key = new HashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    final List<String> ids = Collections.synchronizedList(new ArrayList<>());

    /** @param kmsKey ARN of the attest key, or null for a local one */
    Tenant(Surroundings around, Path root, String name, int partition, String kmsKey) throws IOException {
        this.around = around;
        this.name = name;
        this.partition = partition;
        this.directory = Files.createDirectories(root.resolve(name));
        try (ServerSocket free = new ServerSocket(0)) {
            this.port = free.getLocalPort();
        }
        List<Object> init = new ArrayList<>(List.of(
                "log",
                "init",
                "--dir",
                directory,
                "--origin",
                "e2e.test/" + name,
                "--archive",
                archive(),
                "--s3-endpoint",
                around.s3(),
                "--json"));
        if (kmsKey != null) {
            init.addAll(List.of(
                    "--key",
                    "awskms://" + kmsKey,
                    "--kms-endpoint",
                    around.kms().endpoint()));
            key.put("TERRASEAL_SIGNER_KEY", "awskms://" + kmsKey);
            key.put("TERRASEAL_KMS_ENDPOINT", around.kms().endpoint().toString());
        }
        Terminal.Result born = Terminal.run(directory, around.environment(), Terminal.command(init.toArray()));
        assertThat(born.exit()).as(born.toString()).isZero();
        genesis = CanonicalJson.parseObject(Bytes.utf8(born.out().trim())).string("genesis");
        Files.writeString(
                directory.resolve("tokens"),
                "pipeline " + Digest.of(Bytes.utf8(token())).hex() + " " + name + "\n");
    }

    String token() {
        return "token of " + name;
    }

    String archive() {
        return "s3://" + around.bucket() + "/" + name;
    }

    String genesis() {
        return genesis;
    }

    String server() {
        return "http://127.0.0.1:" + port;
    }

    Path directory() {
        return directory;
    }

    Path declaration() {
        return directory.resolve("log.json");
    }

    Service signer() {
        Map<String, String> settings = own();
        settings.put("TERRASEAL_REGISTRY_URL", around.registryUrl());
        settings.put("TERRASEAL_SIGNER_FLOOR", directory.resolve("signed").toString());
        settings.putAll(key);
        return new Service("signer " + name, directory, around.environment(settings));
    }

    Service archiver() {
        return archiver(around.s3());
    }

    /** @param s3 by which way it reaches the store */
    Service archiver(URI s3) {
        Map<String, String> settings = own();
        settings.put("TERRASEAL_ARCHIVE", archive());
        settings.put("TERRASEAL_ARCHIVE_S3_ENDPOINT", s3.toString());
        settings.put("TERRASEAL_ARCHIVER_CHECKPOINT__INTERVAL", "500ms");
        return new Service("archiver " + name, directory, around.environment(settings));
    }

    Service ingest() {
        Map<String, String> settings = own();
        settings.put("TERRASEAL_REGISTRY_URL", around.registryUrl());
        settings.put("TERRASEAL_ARCHIVE", archive());
        settings.put("TERRASEAL_ARCHIVE_S3_ENDPOINT", around.s3().toString());
        settings.put("TERRASEAL_HTTP_PORT", Integer.toString(port));
        settings.put("TERRASEAL_HTTP_TOKENS", directory.resolve("tokens").toString());
        return new Service("ingest " + name, directory, around.environment(settings));
    }

    private Map<String, String> own() {
        return new HashMap<>(Map.of(
                "TERRASEAL_LOG_DECLARATION", declaration().toString(),
                "TERRASEAL_KAFKA_LOGS", Integer.toString(around.logs()),
                "TERRASEAL_LOG_PARTITION", Integer.toString(partition),
                "TERRASEAL_KEYS_DIRECTORY", directory.resolve("keys").toString()));
    }

    /** Sends an event until it is taken, as a spool would. */
    void submit(String id) throws InterruptedException {
        while (true) {
            HttpResponse<String> answer = post(id, token());
            if (answer != null && answer.statusCode() / 100 == 2) {
                ids.add(id);
                return;
            }
            if (answer != null) {
                assertThat(answer.statusCode()).as(answer.body()).isIn(503, 429);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /** Sends what was taken before, until it is taken again. */
    void submitAgain(String id) throws InterruptedException {
        for (HttpResponse<String> answer = post(id, token());
                answer == null || answer.statusCode() / 100 != 2;
                answer = post(id, token())) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /** The answer; null where nobody answers. */
    HttpResponse<String> post(String id, String token) throws InterruptedException {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(server() + "/v1/events"))
                            .timeout(Duration.ofSeconds(30))
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(Producers.event(id, name + "/prod", "succeeded")))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException nobody) {
            return null;
        }
    }

    /** Waits until an archived checkpoint covers every event sent so far. */
    void awaitCheckpoint() throws InterruptedException {
        String newest = ids.get(ids.size() - 1);
        URI receipt = URI.create(server() + "/v1/receipts?stream=" + name + "/prod&id=" + newest);
        while (true) {
            try {
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(receipt)
                                .header("Authorization", "Bearer " + token())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200 && answer.body().contains("\"proof\"")) {
                    return;
                }
                assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202, 404, 503);
            } catch (IOException nobody) {
                // ingest is down or still starting
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }
}
