package dev.terraseal.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that says exactly what a test tells it to; the registries themselves are met in module embedded. */
class RegistryClientTest {
    private static final String STRING = "{\"schema\":\"\\\"string\\\"\"}";

    private final List<String> requests = new ArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private URI base;
    private int status = 200;
    private String answer = "{}";
    private boolean stall;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
        base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/apis/ccompat/v7/");
    }

    @AfterEach
    void stop() {
        never.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aSchemaIsAskedForOnce() throws Exception {
        RegistryClient client = new RegistryClient(base, null);
        answer = STRING;
        assertThat(client.schemaById(7)).contains("\"string\"");
        assertThat(client.byId(7))
                .hasValueSatisfying(
                        schema -> assertThat(schema.getType().getName()).isEqualTo("string"));
        server.stop(0);
        assertThat(client.byId(7)).isPresent();
        assertThat(requests).containsExactly("GET /apis/ccompat/v7/schemas/ids/7 null");
    }

    @Test
    void aSchemaTheRegistryDoesNotHaveIsEmptyAndAskedForAgain() throws Exception {
        RegistryClient client = new RegistryClient(base, null);
        status = 404;
        answer = "{\"error_code\":40403,\"message\":\"Schema not found\"}";
        assertThat(client.byId(7)).isEmpty();
        status = 200;
        answer = STRING;
        assertThat(client.byId(7)).isPresent();
    }

    @Test
    void a404ThatIsNotTheRegistrysOwnIsNoAnswer() {
        RegistryClient client = new RegistryClient(base, null);
        status = 404;
        answer = "<html>no such page</html>";
        assertThatThrownBy(() -> client.byId(7))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("HTTP 404");
    }

    @Test
    void anErrorOfTheRegistryIsNoAnswer() {
        RegistryClient client = new RegistryClient(base, null);
        status = 500;
        answer = "{\"error_code\":50001,\"message\":\"Error in the backend data store\"}";
        assertThatThrownBy(() -> client.byId(7))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("50001")
                .hasMessageContaining("backend data store");
    }

    @Test
    void aRegistryThatStallsIsGivenUp() {
        RegistryClient client = new RegistryClient(base, null, Duration.ofMillis(200));
        stall = true;
        answer = STRING;
        assertThatThrownBy(() -> client.byId(7))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("within 200 ms");
    }

    @Test
    void aRegistryThatIsGoneIsNamed() {
        RegistryClient client = new RegistryClient(base, null);
        server.stop(0);
        assertThatThrownBy(() -> client.register("s", "\"string\""))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("127.0.0.1:" + base.getPort());
    }

    @Test
    void anAnswerThatIsNoJsonIsNoAnswer() {
        RegistryClient client = new RegistryClient(base, null);
        answer = "<html>please log in</html>";
        assertThatThrownBy(() -> client.byId(7))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("something else than JSON");
    }

    @Test
    void theLoginIsSentAndNeverShown() throws Exception {
        RegistryLogin login = new RegistryLogin("user", "secret");
        RegistryClient client = new RegistryClient(base, login);
        answer = STRING;
        client.schemaById(1);
        assertThat(requests).containsExactly("GET /apis/ccompat/v7/schemas/ids/1 Basic dXNlcjpzZWNyZXQ=");
        assertThat(login.toString()).doesNotContain("secret").doesNotContain("user");
    }

    @Test
    void aSubjectIsEscapedInThePath() throws Exception {
        answer = "[1,2]";
        assertThat(new RegistryClient(base, null).versions("a/b c")).containsExactly(1, 2);
        assertThat(requests).containsExactly("GET /apis/ccompat/v7/subjects/a%2Fb%20c/versions null");
    }

    @Test
    void anIncompatibleSchemaIsARefusalAndNoOutage() {
        RegistryClient client = new RegistryClient(base, null);
        status = 409;
        answer = "{\"error_code\":409,\"message\":\"incompatible with an earlier schema\"}";
        assertThatThrownBy(() -> client.register("events-value", "\"int\""))
                .isInstanceOfSatisfying(
                        SchemaRefusedException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(409))
                .hasMessageContaining("events-value")
                .hasMessageContaining("incompatible with an earlier schema");
    }

    @Test
    void aSchemaOfAnotherKindIsNotReadAsAvro() throws Exception {
        answer = "{\"schemaType\":\"JSON\",\"schema\":\"{\\\"type\\\":\\\"string\\\"}\"}";
        RegistryClient client = new RegistryClient(base, null);
        assertThat(client.byId(3)).isEmpty();
        assertThat(client.schemaById(3)).isPresent();
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        if (stall) {
            awaitEnd();
        }
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void awaitEnd() {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
