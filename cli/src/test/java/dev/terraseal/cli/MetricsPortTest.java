package dev.terraseal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MetricsPortTest {
    private final AtomicInteger closed = new AtomicInteger();
    private final AutoCloseable service = closed::incrementAndGet;

    private static HttpResponse<String> get(int port, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static MetricsPort at(int port) {
        return MetricsPort.from(Settings.of(Map.of("metrics.port", Integer.toString(port))));
    }

    @Test
    void aServiceThatRunsAloneSaysHowItIsUntilItIsClosed() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (AutoCloseable both =
                at(port).beside(service, (one, metrics) -> metrics.gauge("terraseal_signer_behind", () -> 7))) {
            assertThat(both).isNotSameAs(service);
            assertThat(get(port, "/metrics").body()).contains("terraseal_signer_behind 7\n");
            assertThat(get(port, "/healthz").body()).isEqualTo("ok\n");
            assertThat(get(port, "/metrics/more").statusCode()).isEqualTo(404);
        }
        assertThat(closed).hasValue(1);
        assertThatThrownBy(() -> get(port, "/healthz")).isInstanceOf(IOException.class);
    }

    @Test
    void aPortThatIsTakenEndsTheServiceToo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> at(taken.getLocalPort()).beside(service, (one, metrics) -> {}))
                    .hasMessageContaining("metrics.port")
                    .isInstanceOf(IOException.class);
        }
        assertThat(closed).hasValue(1);
    }

    @Test
    void withoutAPortNothingListens() throws Exception {
        assertThat(MetricsPort.from(Settings.of(Map.of())).beside(service, (one, metrics) -> {}))
                .isSameAs(service);
    }
}
