package dev.terraseal.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.schemas.DecodedEvent;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.avro.RefusedDataException;
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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    private boolean chunked;

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

    /** "Register it" would be wrong advice: it is there. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"schemaType":"JSON","schema":"{\\"type\\":\\"string\\"}"}     | of type JSON
                    {"schema":"\\"Sha256\\"","references":[{"name":"Sha256"}]} | refers to other subjects
                    {"schema":"\\"Sha256\\""}                                | cannot be read as Avro
                    """)
    void aSchemaNoEventIsWrittenWithIsThereAndSaysWhyItWillNotDo(String body, String why) throws Exception {
        answer = body;
        RegistryClient client = new RegistryClient(base, null);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> client.byId(3))
                    .isInstanceOfSatisfying(
                            RefusedDataException.class,
                            refused -> assertThat(refused.reason()).isEqualTo(RejectionReason.WRONG_SCHEMA))
                    .hasMessageContaining("schema 3 is registered")
                    .hasMessageContaining(why);
        }
        assertThat(client.schemaById(3)).isPresent();
        assertThat(requests).hasSize(1);
        DecodedEvent decoded = new EventDecoder(1, client).decode(new byte[] {0, 0, 0, 0, 3, 1});
        assertThat(decoded)
                .isInstanceOfSatisfying(
                        DecodedEvent.Refused.class,
                        refused -> assertThat(refused.rejection().message()).contains(why));
    }

    /** What answers is no registry: taken for an answer, it rejects acknowledged events until the next start. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null", "{\"schema\":7,\"id\":0,\"is_compatible\":\"yes\"}", "{\"id\":\"7\"}"})
    void anAnswerThatDoesNotSayWhatWasAskedIsNoAnswer(String body) throws Exception {
        RegistryClient client = new RegistryClient(base, null);
        answer = body;
        for (ThrowingCallable asked : List.<ThrowingCallable>of(
                () -> client.byId(7),
                () -> client.register("s", "\"string\""),
                () -> client.latest("s"),
                () -> client.find("s", "\"string\""),
                () -> client.compatible("s", "\"string\""))) {
            assertThatThrownBy(asked)
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("is it a schema registry");
        }
        answer = STRING;
        assertThat(client.byId(7)).isPresent();
    }

    @Test
    void whatIsNoListIsNoAnswer() {
        RegistryClient client = new RegistryClient(base, null);
        assertThatThrownBy(() -> client.versions("s")).isInstanceOf(RegistryUnavailableException.class);
        assertThatThrownBy(client::subjects).isInstanceOf(RegistryUnavailableException.class);
    }

    @Test
    void anAnswerLongerThanAnyOfARegistryIsNoAnswerWhetherItSaysItsLengthOrNot() {
        RegistryClient client = new RegistryClient(base, null);
        answer = "{\"schema\":\"\\\"string\\\"\",\"x\":\"" + "x".repeat(5 << 20) + "\"}";
        for (boolean each : new boolean[] {false, true}) {
            chunked = each;
            assertThatThrownBy(() -> client.byId(7))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("more than 4194304 bytes");
        }
    }

    @Test
    void aLoginInTheAddressIsRefusedAndNotRepeated() {
        assertThatThrownBy(() -> new RegistryClient(URI.create("https://user:hidden@registry:8081"), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use registry.user and registry.password")
                .message()
                .doesNotContain("hidden");
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, chunked ? 0 : body.length);
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
