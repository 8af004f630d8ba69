package dev.terraseal.ingest;

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
import dev.terraseal.testkit.log.FixtureArchive;
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

/** {@code POST /v1/events} over a log and its archive, without a broker: what became of what was sent is said by the test. */
final class EventsUnderTest implements AutoCloseable {
    final LogFixture log = LogFixture.small();
    final SettledEvents settled = new SettledEvents();
    final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    final HookedArchive archive;
    private final Path directory;
    private final ArchiveStore store;
    private final KnownIds ids = new KnownIds();
    private final EventIntake intake;
    private final HttpApi api;

    EventsUnderTest(Path directory) throws Exception {
        this.directory = directory;
        store = StoreSettings.inDirectory(directory).open();
        archive = new HookedArchive(store);
        Attachments attachments = new Attachments(store, Duration.ofDays(1), Instant::now);
        intake = new EventIntake(log.log(), 1, attachments, null, new SecureRandom());
        api = new HttpApi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Makes the event an entry of the log. */
    EventsUnderTest logged(String event) throws Exception {
        log.append(intake.prepare(EventJson.parse(Bytes.utf8(event)), Optional.empty())
                .get(0)
                .event());
        ids.add(log.entries().get(log.size() - 1).statement());
        return this;
    }

    /** Puts the log so far into the archive. */
    EventsUnderTest archived() throws Exception {
        FixtureArchive.write(log, directory, log.size());
        return this;
    }

    /** Serves the log so far, under its checkpoint. */
    EventsUnderTest served() {
        LogTail tail = new LogTail(log.size(), true);
        tail.checkpoint(log.checkpoint(log.size()), log.size());
        api.route(
                "/v1/events",
                new EventsRoute(new EventsRoute.Parts(
                        new Access(null),
                        intake,
                        new EventSender(producer, 0),
                        ids,
                        settled,
                        new SentEvents(),
                        tail,
                        new LogReader(log.log(), archive, tail, List.of()),
                        new Metrics())));
        api.start();
        return this;
    }

    HttpResponse<String> post(String query, String body) throws Exception {
        return post(query, body, "application/json");
    }

    HttpResponse<String> post(String query, String body, String type) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + api.address().getPort() + "/v1/events" + query);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        api.close();
        store.close();
    }
}
