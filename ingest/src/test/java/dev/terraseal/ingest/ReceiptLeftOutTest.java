package dev.terraseal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.ingest.follow.KnownIds;
import dev.terraseal.ingest.follow.LogTail;
import dev.terraseal.ingest.follow.SentEvents;
import dev.terraseal.ingest.follow.SettledEvents;
import dev.terraseal.ingest.http.HttpApi;
import dev.terraseal.ingest.routes.EventsRoute;
import dev.terraseal.schemas.json.EventJson;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreSettings;
import dev.terraseal.testkit.log.LogFixture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiptLeftOutTest {
    @Test
    void anEventThatIsInTheLogIsAnsweredAsSuchAlsoWhereTheArchiveDoesNotGiveItsReceipt(@TempDir Path empty)
            throws Exception {
        LogFixture log = LogFixture.small();
        String event = Events.apply("a/kept", "1");
        try (ArchiveStore archive = StoreSettings.inDirectory(empty).open();
                HttpApi api = new HttpApi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Attachments attachments = new Attachments(archive, Duration.ofDays(1), Instant::now);
            EventIntake intake = new EventIntake(log.log(), 1, attachments, null, new SecureRandom());
            log.append(intake.prepare(EventJson.parse(Bytes.utf8(event)), Optional.empty())
                    .get(0)
                    .event());
            KnownIds ids = new KnownIds();
            ids.add(log.entries().get(log.size() - 1).statement());
            LogTail tail = new LogTail(log.size(), true);
            tail.checkpoint(log.checkpoint(log.size()), log.size());
            EventSender sender = new EventSender(
                    new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()), 0);
            api.route(
                    "/v1/events",
                    new EventsRoute(new EventsRoute.Parts(
                            new Access(null),
                            intake,
                            sender,
                            ids,
                            new SettledEvents(),
                            new SentEvents(),
                            tail,
                            new LogReader(log.log(), archive, tail, List.of()),
                            new Metrics())));
            api.start();
            URI uri = URI.create("http://127.0.0.1:" + api.address().getPort() + "/v1/events");
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(uri)
                                    .POST(BodyPublishers.ofString(event))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("\"status\":\"duplicate\"").doesNotContain("\"receipt\"");
        }
    }
}
