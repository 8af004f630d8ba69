package dev.terraseal.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.ingest.follow.KnownIds;
import dev.terraseal.ingest.follow.LogTail;
import dev.terraseal.ingest.http.HttpApi;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.routes.ReadyRoute;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final EventSender sender = new EventSender(producer, 0);
    private final HeadsTicker ticker = new HeadsTicker(
            sender,
            () -> Bytes.utf8("tick"),
            new LogTail(5, false),
            Duration.ofHours(1),
            InstantSource.system(),
            broken -> {});
    private final AtomicBoolean accepting = new AtomicBoolean(true);
    private HttpApi api;

    @BeforeEach
    void open() throws IOException {
        api = new HttpApi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        api.vital("/readyz", new ReadyRoute(accepting::get, sender, new KnownIds()));
        api.start();
    }

    @AfterEach
    void close() {
        api.close();
        ticker.close();
    }

    private HttpResponse<String> ready() throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + api.address().getPort() + "/readyz");
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private void send() throws Exception {
        sender.send(List.of(new EventSender.Outgoing(new StreamId("a"), Bytes.utf8("event"))));
    }

    @Test
    void whileKafkaConfirmsNothingTheServiceIsNotReadyAndSaysWhy() throws Exception {
        assertThat(ready().statusCode()).isEqualTo(200);
        producer.sendException = new TimeoutException("no broker answered");
        assertThatThrownBy(this::send).isInstanceOf(ProblemException.class);
        assertThat(ready().statusCode()).isEqualTo(503);
        assertThat(ready().body()).contains("no broker answered");
        producer.sendException = null;
        send();
        assertThat(ready().statusCode()).isEqualTo(200);
    }

    @Test
    void aLogNobodySendsToIsReadyAgainAsSoonAsKafkaIs() throws Exception {
        ticker.check();
        assertThat(producer.history()).as("nothing is due and nothing failed").isEmpty();
        producer.sendException = new TimeoutException("no broker answered");
        assertThatThrownBy(this::send).isInstanceOf(ProblemException.class);
        ticker.check();
        assertThat(ready().statusCode()).isEqualTo(503);
        producer.sendException = null;
        ticker.check();
        assertThat(ready().statusCode()).isEqualTo(200);
        assertThat(producer.history()).hasSize(1);
        ticker.check();
        assertThat(producer.history()).as("one record was enough").hasSize(1);
    }

    @Test
    void aServiceThatStopsIsNotReady() throws Exception {
        accepting.set(false);
        assertThat(ready().statusCode()).isEqualTo(503);
        assertThat(ready().body()).isEqualTo("stopping\n");
    }
}
