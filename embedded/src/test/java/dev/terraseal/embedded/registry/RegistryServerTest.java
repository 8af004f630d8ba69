package dev.terraseal.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.embedded.TestBroker;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.schemas.TopicSchemas;
import dev.terraseal.schemas.registry.Compatibility;
import dev.terraseal.schemas.registry.RegistryClient;
import dev.terraseal.schemas.registry.SchemaRefusedException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryServerTest {
    private static final AtomicInteger SUBJECTS = new AtomicInteger();

    private static TestBroker shared;
    private static MountedRegistry registry;

    private final String subject = "subject-" + SUBJECTS.incrementAndGet();
    private final HttpClient http = HttpClient.newHttpClient();
    private final RegistryClient client = new RegistryClient(registry.uri(), null);

    @BeforeAll
    static void start() throws Exception {
        shared = TestBroker.start();
        registry = MountedRegistry.start(shared.bootstrap());
    }

    @AfterAll
    static void stop() {
        registry.close();
        shared.close();
    }

    @Test
    void idsAreDenseAndTheSameAfterARestart() throws Exception {
        try (TestBroker broker = TestBroker.start()) {
            try (MountedRegistry first = MountedRegistry.start(broker.bootstrap())) {
                RegistryClient before = new RegistryClient(first.uri(), null);
                assertThat(registerOurs(before)).containsExactly(1, 2, 3, 4, 5);
                before.setCompatibility(subject, Compatibility.FULL);
            }
            try (MountedRegistry second = MountedRegistry.start(broker.bootstrap())) {
                RegistryClient after = new RegistryClient(second.uri(), null);
                assertThat(after.byId(1)).contains(TopicSchemas.EVENT.schema());
                assertThat(after.compatibility(subject)).isEqualTo(Compatibility.FULL);
                assertThat(registerOurs(after)).containsExactly(1, 2, 3, 4, 5);
                assertThat(after.register(subject, "\"string\"")).isEqualTo(6);
            }
        }
    }

    private static List<Integer> registerOurs(RegistryClient client) throws Exception {
        List<Integer> ids = new ArrayList<>();
        for (TopicSchemas schema : TopicSchemas.inOrder()) {
            ids.add(client.register(schema.subject("terraseal"), schema.text()));
        }
        return ids;
    }

    @Test
    void oneSchemaUnderTwoSubjectsHasOneId() throws Exception {
        int id = client.register(subject, record("int a"));
        assertThat(client.register(subject + "-other", " " + record("int a"))).isEqualTo(id);
        assertThat(client.register(subject, record("int a"))).isEqualTo(id);
        assertThat(client.versions(subject)).containsExactly(1);
        assertThat(client.find(subject, record("int a")))
                .hasValueSatisfying(found -> assertThat(found.version()).isEqualTo(1));
        assertThat(client.subjects()).contains(subject, subject + "-other");
    }

    @Test
    void aNewVersionMustReadEveryOlderOneAndNotOnlyTheLast() throws Exception {
        assertThat(client.compatibility(subject)).isEqualTo(Compatibility.BACKWARD_TRANSITIVE);
        client.register(subject, record("int a", "string x"));
        client.register(subject, record("int a"));
        String reusesTheName = record("int a", "int x = 0");
        assertThat(client.compatible(subject, reusesTheName)).isFalse();
        assertThatThrownBy(() -> client.register(subject, reusesTheName))
                .isInstanceOfSatisfying(
                        SchemaRefusedException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(409))
                .hasMessageContaining("cannot read data of version 1");
        client.register(subject, record("int a", "int y = 0"));
        assertThat(client.versions(subject)).containsExactly(1, 2, 3);

        client.setCompatibility(subject, Compatibility.BACKWARD);
        assertThat(client.compatible(subject, reusesTheName)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, string a, true, true",
        "BACKWARD, int b = 0, true, true",
        "BACKWARD, int b, false, true",
        "FORWARD, int b, true, true",
        "FULL, int b, false, true",
        "FULL, int b = 0, true, true",
        "FORWARD, string a, false, false"
    })
    void theLevelOfASubjectDecides(Compatibility level, String field, boolean allowed, boolean keepsA)
            throws Exception {
        client.register(subject, record("int a"));
        client.setCompatibility(subject, level);
        String next = keepsA && !field.endsWith(" a") ? record("int a", field) : record(field);
        assertThat(client.compatible(subject, next)).isEqualTo(allowed);
        if (allowed) {
            client.register(subject, next);
            assertThat(client.versions(subject)).containsExactly(1, 2);
        } else {
            assertThatThrownBy(() -> client.register(subject, next)).isInstanceOf(SchemaRefusedException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /subjects/nobody/versions              | -                          | 404 | 40401",
                "GET    | /subjects/nobody/versions/1            | -                          | 404 | 40401",
                "GET    | /subjects/known/versions/9             | -                          | 404 | 40402",
                "GET    | /subjects/known/versions/zero          | -                          | 422 | 42202",
                "GET    | /schemas/ids/9999                      | -                          | 404 | 40403",
                "POST   | /subjects/known                        | {\"schema\":\"\\\"int\\\"\"} | 404 | 40403",
                "POST   | /subjects/known/versions               | {\"schema\":\"{\"}         | 422 | 42201",
                "POST   | /subjects/known/versions               | {}                         | 422 | 42201",
                "POST   | /subjects/known/versions               | {\"schemaType\":\"JSON\",\"schema\":\"{}\"} | 422 | 42201",
                "POST   | /subjects/known/versions               | not json                   | 400 | 400",
                "PUT    | /config/known                          | {\"compatibility\":\"SOME\"} | 422 | 42203",
                "GET    | /config/known                          | -                          | 404 | 40408",
                "DELETE | /subjects/known                        | -                          | 422 | 42205",
                "DELETE | /subjects/known/versions/1             | -                          | 422 | 42205",
                "PUT    | /mode                                  | {\"mode\":\"READONLY\"}    | 422 | 42205",
                "POST   | /compatibility/subjects/known/versions/9 | {\"schema\":\"\\\"int\\\"\"} | 404 | 40402",
                "GET    | /subjects/known/nothing                | -                          | 404 | 404"
            })
    void errorsHaveConfluentsCodes(String method, String path, String body, int status, int code) throws Exception {
        client.register("known", "\"string\"");
        HttpResponse<String> answer = send(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"error_code\":" + code + ",").contains("\"message\":");
        assertThat(client.versions("known")).containsExactly(1);
    }

    @Test
    void whatConfluentsClientsAskForIsAnswered() throws Exception {
        int id = client.register("a/b", "\"bytes\"");
        assertThat(body("/subjects")).contains("\"a/b\"");
        assertThat(body("/subjects/a%2Fb/versions")).isEqualTo("[1]");
        assertThat(body("/subjects/a%2Fb/versions/latest"))
                .isEqualTo("{\"subject\":\"a/b\",\"version\":1,\"id\":" + id + ",\"schema\":\"\\\"bytes\\\"\"}");
        assertThat(body("/schemas/ids/" + id + "?subject=x")).isEqualTo("{\"schema\":\"\\\"bytes\\\"\"}");
        assertThat(body("/schemas/ids/" + id + "/versions")).isEqualTo("[{\"subject\":\"a/b\",\"version\":1}]");
        assertThat(body("/schemas/ids/" + id + "/subjects")).isEqualTo("[\"a/b\"]");
        assertThat(body("/schemas/types")).isEqualTo("[\"AVRO\"]");
        assertThat(body("/config")).isEqualTo("{\"compatibilityLevel\":\"BACKWARD_TRANSITIVE\"}");
        assertThat(body("/config/a%2Fb?defaultToGlobal=true")).contains("BACKWARD_TRANSITIVE");
        assertThat(body("/mode")).isEqualTo("{\"mode\":\"READWRITE\"}");
        String judged = "/compatibility/subjects/a%2Fb/versions/1?verbose=true";
        assertThat(send("POST", judged, "{\"schema\":\"\\\"int\\\"\"}").body())
                .startsWith("{\"is_compatible\":false,\"messages\":[");
    }

    private String body(String path) throws Exception {
        return send("GET", path, "-").body();
    }

    @Test
    void manyWhoRegisterOneSchemaAtOnceGetOneId() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                String text = record("int a", "int b" + i % 4 + " = 0");
                calls.add(() -> client.register(subject, text));
            }
            HashSet<Integer> ids = new HashSet<>();
            for (Future<Integer> id : threads.invokeAll(calls)) {
                ids.add(id.get(120, TimeUnit.SECONDS));
            }
            assertThat(ids).hasSize(4);
            assertThat(client.versions(subject)).containsExactly(1, 2, 3, 4);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aRegistryThatWasReplacedWritesNoMore() throws Exception {
        try (TestBroker broker = TestBroker.start();
                MountedRegistry replaced = MountedRegistry.start(broker.bootstrap());
                MountedRegistry successor = MountedRegistry.start(broker.bootstrap())) {
            RegistryClient old = new RegistryClient(replaced.uri(), null);
            RegistryClient young = new RegistryClient(successor.uri(), null);
            assertThat(young.register(subject, record("int a"))).isEqualTo(1);
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> old.register(subject, record("int a", "int c = 0")))
                        .hasMessageContaining("50001");
            }
            assertThat(young.register(subject, record("int a", "int d = 0"))).isEqualTo(2);
        }
    }

    @Test
    void aTopicThatSomebodyElseWroteToIsNotBelieved() {
        try (TestBroker broker = TestBroker.start()) {
            KafkaConnection connection = new KafkaConnection(broker.bootstrap(), Map.of());
            RegistryServer.open(connection, InstantSource.system()).close();
            try (Producer<byte[], byte[]> stranger = connection.producer("stranger")) {
                stranger.send(new ProducerRecord<>("terraseal.schemas", 0, new byte[] {'{', '}'}, new byte[] {'1'}));
                stranger.flush();
            }
            assertThatThrownBy(() -> RegistryServer.open(connection, InstantSource.system()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("terraseal.schemas was not written by this registry");
        }
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(registry.uri() + path))
                        .method(
                                method,
                                body.equals("-")
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Fields as {@code type name} or {@code type name = default}. */
    private static String record(String... fields) {
        List<String> json = new ArrayList<>();
        for (String field : fields) {
            String[] words = field.split(" ");
            json.add("{\"name\":\"" + words[1] + "\",\"type\":\"" + words[0] + "\""
                    + (words.length == 4 ? ",\"default\":" + words[3] : "") + "}");
        }
        return "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + String.join(",", json) + "]}";
    }
}
