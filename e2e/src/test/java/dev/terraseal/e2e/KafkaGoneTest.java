package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything of a data directory but the archive, log.json and the keys is deleted, and the log goes on as one history. */
class KafkaGoneTest {
    private static final Set<String> LEFT = Set.of("archive", "log.json", "keys");

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private Path data;

    private HttpResponse<String> send(Up up, int number) throws Exception {
        String digest = Digest.of(Bytes.utf8("plan " + number)).hex();
        String event = """
                {"id": "apply-%d", "type": "https://terraseal.dev/terraform-apply/v1", "stream": "acme/prod",
                 "occurredAt": "2026-11-22T01:02:03.123Z", "subjects": [{"name": "tfplan", "digest": {"sha256": "%s"}}],
                 "predicate": {"outcome": "succeeded"}}""".formatted(number, digest);
        return client.send(
                HttpRequest.newBuilder(URI.create(up.http() + "/v1/events?wait=checkpoint&timeout=60"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(event))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void apply(Up up, int from, int to) throws Exception {
        for (int number = from; number < to; number++) {
            HttpResponse<String> answer = send(up, number);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        }
    }

    private Terminal.Result terraseal(int exit, Object... args) {
        Terminal.Result result = Terminal.terraseal(directory, args);
        assertThat(result.exit()).as(result.toString()).isEqualTo(exit);
        return result;
    }

    private Terminal.Result resume(int exit, Object... more) {
        List<Object> args = new ArrayList<>(List.of("log", "resume", "--data", data));
        args.addAll(List.of(more));
        return terraseal(exit, args.toArray());
    }

    private void loseTheRest() throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Path name = data.relativize(file);
                if (!file.equals(data) && !LEFT.contains(name.getName(0).toString())) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void theLogGoesOnFromItsArchiveAlone() throws Exception {
        data = directory.resolve("data");
        Path receipt = directory.resolve("before.receipt.json");
        String genesis;
        try (Up up = Up.start(data)) {
            genesis = up.genesis();
            apply(up, 0, 3);
            copyArchive();
            Terminal.Result doctor = Terminal.terraseal(
                    directory,
                    "doctor",
                    "--set",
                    "kafka.bootstrap=" + up.ready().string("kafka"));
            assertThat(doctor.out()).contains("ok     clock: the newest event was stamped ", " ms ago by its broker's");
            terraseal(
                    0,
                    "key",
                    "rotate",
                    "--authority",
                    data.resolve("authority-take-offline"),
                    "--reason",
                    "yearly",
                    "--data",
                    data);
            apply(up, 3, 5);
            terraseal(0, "receipt", "--server", up.http(), "--sequence", 1, "--out", receipt);
            for (int sequence = 2; sequence < 6; sequence++) {
                Path file =
                        Files.createDirectories(directory.resolve("receipts")).resolve(sequence + ".receipt.json");
                terraseal(0, "receipt", "--server", up.http(), "--sequence", sequence, "--out", file);
            }
        }
        loseTheRest();
        theRestComesFromReceipts(genesis);
        Terminal.Result refused = terraseal(3, "up", "--data", data, "--port", 0, "--kafka-port", 0);
        assertThat(refused.err()).contains("terraseal.sequenced is empty", "terraseal log resume");

        Json.Obj seen =
                CanonicalJson.parseObject(Bytes.utf8(resume(0, "--json").out().trim()));
        long size = seen.number("size");
        assertThat(size).isGreaterThanOrEqualTo(6);
        assertThat(seen.string("genesis")).isEqualTo(genesis);
        assertThat(seen.number("onTopics")).isZero();
        assertThat(resume(4, "--at-least", size + 1, "--yes").err()).contains("does not verify");
        assertThat(resume(0, "--yes").out())
                .contains("All " + size + " entries are on the topics", "events accepted after 20");
        goesOn(genesis, size);
        terraseal(0, "verify", receipt, "--genesis", genesis);
    }

    private void copyArchive() throws IOException {
        copy(data.resolve("archive"), directory.resolve("older"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Of the archive only an older copy is left; the newer entries, a key event among them, are in receipts. */
    private void theRestComesFromReceipts(String genesis) throws Exception {
        Path lost = directory.resolve("lost");
        Files.move(data.resolve("archive"), lost);
        copy(directory.resolve("older"), data.resolve("archive"));
        long had = size(resume(0, "--json"));
        assertThat(had).isBetween(3L, 5L);
        Path receipts = directory.resolve("receipts");
        Path next = receipts.resolve(had + ".receipt.json");
        Files.move(next, directory.resolve("aside"));
        assertThat(resume(3, "--receipts", receipts, "--yes").err()).contains("nothing holds entry " + had);
        Files.move(directory.resolve("aside"), next);
        assertThat(resume(0, "--receipts", receipts, "--yes").out())
                .contains("with the receipts given: 6 entries", "All 6 entries are on the topics");
        try (Up up = Up.start(data)) {
            apply(up, 5, 7);
        }
        terraseal(
                0,
                "verify",
                data.resolve("archive"),
                "--genesis",
                genesis,
                "--from-checkpoint",
                lost.resolve("checkpoints/6"),
                "--at-least",
                7);
        loseTheRest();
        try (Stream<Path> files = Files.walk(data.resolve("archive"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        Files.move(lost, data.resolve("archive"));
    }

    private static long size(Terminal.Result seen) {
        return CanonicalJson.parseObject(Bytes.utf8(seen.out().trim())).number("size");
    }

    private void goesOn(String genesis, long size) throws Exception {
        try (Up up = Up.start(data)) {
            assertThat(up.genesis()).isEqualTo(genesis);
            assertThat(up.gauge("terraseal_sequencer_ids")).isEqualTo(size);
            HttpResponse<String> again = send(up, 1);
            assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
            assertThat(again.body()).contains("duplicate", "\"sequence\":1");
            apply(up, 5, 8);
            Path receipt = directory.resolve("again.receipt.json");
            terraseal(
                    0, "receipt", "--server", up.http(), "--stream", "acme/prod", "--id", "apply-1", "--out", receipt);
            Path bundle = directory.resolve("bundle");
            terraseal(0, "export", "--data", data, "--out", bundle);
            Terminal.Result verified = terraseal(0, "verify", bundle, "--genesis", genesis);
            assertThat(verified.out()).contains("1 after log.json");
            try (Stream<Path> artifacts = Files.list(bundle.resolve("artifacts"))) {
                assertThat(artifacts.count()).isGreaterThanOrEqualTo(size + 3);
            }
        }
        terraseal(0, "verify", data.resolve("archive"), "--genesis", genesis, "--at-least", size + 3);
    }
}
