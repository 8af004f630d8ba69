package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.TopicSchemas;
import dev.terraseal.schemas.registry.RegistryClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A producer beside ingest puts on {@code terraseal.events} what it likes. None of it stops the log or gets into it. */
class GarbageTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261122);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path directory;

    @Test
    void garbageIsRejectedWithItsReasonAndTheLogGoesOn() throws Exception {
        Path data = directory.resolve("data");
        String genesis;
        try (Up up = Up.start(data)) {
            genesis = up.genesis();
            RegistryClient registry = new RegistryClient(URI.create(up.ready().string("registry")), null);
            Garbage garbage = new Garbage(id(registry, TopicSchemas.EVENT), id(registry, TopicSchemas.SEQUENCED));
            Map<Long, Garbage.Case> sent = new LinkedHashMap<>();
            KafkaConnection kafka = new KafkaConnection(up.ready().string("kafka"), Map.of());
            try (Producer<byte[], byte[]> producer = kafka.producer("garbage")) {
                put(producer, garbage.good("taken"));
                awaitReceipt(up.http(), "taken");
                int count = 0;
                for (Garbage.Case garbageCase : garbage.cases(SEED)) {
                    sent.put(put(producer, garbageCase.value()), garbageCase);
                    signed(up.http(), "after-" + count++, garbageCase.name());
                }
            }
            requireRejected(data, sent);
        }
        Terminal.Result verified =
                Terminal.terraseal(directory, "verify", data.resolve("archive"), "--genesis", genesis);
        assertThat(verified.exit()).as(verified.toString()).isZero();
    }

    private void requireRejected(Path data, Map<Long, Garbage.Case> sent) throws Exception {
        Terminal.Result list = Terminal.terraseal(directory, "rejected", "list", "--data", data, "--json");
        assertThat(list.exit()).as(list.toString()).isZero();
        Map<Long, Json.Obj> rejected = new HashMap<>();
        for (String line : list.out().lines().toList()) {
            Json.Obj one = CanonicalJson.parseObject(Bytes.utf8(line));
            rejected.put(one.number("sourceOffset"), one);
        }
        assertThat(rejected.keySet()).as("rejected, and nothing else").isEqualTo(sent.keySet());
        sent.forEach((offset, garbageCase) -> assertThat(rejected.get(offset).string("reason"))
                .as("%s: %s", garbageCase.name(), rejected.get(offset).string("message"))
                .isEqualTo(garbageCase.reason()));
        Map.Entry<Long, Garbage.Case> first = sent.entrySet().iterator().next();
        Path out = directory.resolve("original.bin");
        Terminal.Result show = Terminal.terraseal(
                directory,
                "rejected",
                "show",
                rejected.get(first.getKey()).number("number"),
                "--data",
                data,
                "--out",
                out);
        assertThat(show.exit()).as(show.toString()).isZero();
        assertThat(Files.readAllBytes(out)).isEqualTo(first.getValue().value());
    }

    private static int id(RegistryClient registry, TopicSchemas schema) throws Exception {
        return registry.register(schema.subject("terraseal"), schema.text());
    }

    private static long put(Producer<byte[], byte[]> producer, byte[] value) throws Exception {
        return producer.send(new ProducerRecord<>(Topics.EVENTS, 0, null, value))
                .get(60, TimeUnit.SECONDS)
                .offset();
    }

    private void awaitReceipt(String server, String id) throws Exception {
        URI receipt = URI.create(server + "/v1/receipts?stream=acme/garbage&id=" + id);
        HttpResponse<String> answer;
        do {
            answer = http.send(HttpRequest.newBuilder(receipt).build(), HttpResponse.BodyHandlers.ofString());
            // 503 while it is on its way: it came by Kafka, so that ingest cannot tell it from what was never sent.
            assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202, 404, 503);
        } while (answer.statusCode() != 200);
    }

    private void signed(String server, String id, String after) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(server + "/v1/events?wait=signed&timeout=60"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(Producers.event(id, "acme/good", "succeeded")))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as("after %s: %s", after, answer.body()).isEqualTo(201);
    }
}
