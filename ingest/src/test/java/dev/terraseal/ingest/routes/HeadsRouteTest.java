package dev.terraseal.ingest.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.ingest.Access;
import dev.terraseal.ingest.EventSender;
import dev.terraseal.ingest.HeadsTicker;
import dev.terraseal.ingest.follow.LogTail;
import dev.terraseal.ingest.http.HttpApi;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HeadsRouteTest {
    @Test
    @Timeout(20)
    void whatTheSendTookIsNotWaitedForASecondTime() throws Exception {
        AtomicLong nanos = new AtomicLong();
        EventSender sender = new EventSender(
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()), 0);
        LogTail tail = new LogTail(5, true);
        try (HeadsTicker ticker = new HeadsTicker(
                        sender,
                        () -> {
                            nanos.addAndGet(Duration.ofSeconds(51).toNanos());
                            return Bytes.utf8("tick");
                        },
                        tail,
                        Duration.ofHours(1),
                        InstantSource.system(),
                        broken -> {});
                HttpApi api = new HttpApi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            api.route("/v1/heads", new HeadsRoute(new Access(null), ticker, tail, nanos::get));
            api.start();
            URI uri = URI.create("http://127.0.0.1:" + api.address().getPort() + "/v1/heads");
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(uri)
                                    .POST(BodyPublishers.noBody())
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        }
    }
}
