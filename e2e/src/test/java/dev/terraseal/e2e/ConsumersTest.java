package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.testkit.tools.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The programs of {@code examples/consumers}, in four languages, over what a real log answered: they take it, and nothing
 * that was changed in it.
 */
class ConsumersTest {
    private static final int EVENTS = 60;
    private static final Path EXAMPLES = Terminal.ROOT.resolve("examples/consumers");

    @TempDir
    static Path directory;

    private static HttpServer server;
    private static String genesis;
    /** Path to answer; a test changes one and puts it back. */
    private static final Map<String, String> ANSWERS = new ConcurrentHashMap<>();

    private static final List<String> LINES = new ArrayList<>();

    @BeforeAll
    static void aLogSignedInBothForms() throws Exception {
        try (Up up = Up.start(directory.resolve("data"), "--signing", "batch")) {
            genesis = up.genesis();
            Producers producers = new Producers(EVENTS, EVENTS, 20261201);
            producers.server(up.http());
            // Alone in its batch, it is signed by itself.
            producers.oneMoreSigned(EVENTS);
            producers.start(1);
            producers.awaitAcknowledged(EVENTS + 1);
            producers.finish();
            producers.oneMoreSigned(EVENTS + 1);
            record(up);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String asked = exchange.getRequestURI().toString();
            String answer = asked.startsWith("/v1/entries?from=")
                    ? entries(Integer.parseInt(asked.substring("/v1/entries?from=".length())))
                    : ANSWERS.get(asked);
            byte[] bytes = (answer == null ? "not here" : answer).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer == null ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    @Test
    void inJava() {
        Path core = Terminal.ROOT.resolve("core/target/terraseal-core-0.1.0.jar");
        judgesLikeUs(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                core.toString(),
                EXAMPLES.resolve("Consumer.java").toString()));
    }

    @Test
    void inNode() {
        judgesLikeUs(List.of(
                Tool.require("node").toString(),
                EXAMPLES.resolve("consumer.mjs").toString()));
    }

    @Test
    void inGo() {
        Path built = directory.resolve("consumer");
        Terminal.Result build = Terminal.run(
                directory,
                Map.of("GOCACHE", directory.resolve("go").toString()),
                List.of(
                        Tool.require("go").toString(),
                        "build",
                        "-o",
                        built.toString(),
                        EXAMPLES.resolve("consumer.go").toString()));
        assertThat(build.exit()).as(build.toString()).isZero();
        judgesLikeUs(List.of(built.toString()));
    }

    @Test
    void inPython() {
        String python = Tool.require("python3").toString();
        if (Terminal.run(directory, Map.of(), List.of(python, "-c", "import cryptography"))
                        .exit()
                != 0) {
            Tool.absent("python3-cryptography");
        }
        judgesLikeUs(List.of(python, EXAMPLES.resolve("consumer.py").toString()));
    }

    private static void judgesLikeUs(List<String> program) {
        Terminal.Result whole = run(program, genesis);
        assertThat(whole.exit()).as(whole.toString()).isZero();
        assertThat(whole.out().strip().lines().toList()).hasSize(LINES.size() + 1);
        assertThat(whole.out().strip())
                .endsWith("checked; go on with: " + LINES.size() + " "
                        + statement(LINES.get(LINES.size() - 1)).entryHash().hex());

        refuses(program, "0".repeat(64), "another log");
        String each = refusesWithout(program, false, "\"sig\":\"");
        String batched = refusesWithout(program, true, "\"path\":[\"");
        assertThat(each).as("an entry signed by itself, and one in a batch").isNotEqualTo(batched);
    }

    /** Changes the first character behind {@code member} in a line of one form, and puts the line back. */
    private static String refusesWithout(List<String> program, boolean batch, String member) {
        for (int at = 0; at < LINES.size(); at++) {
            String line = LINES.get(at);
            if (line.contains("\"batch\"") == batch && line.contains(member)) {
                int from = line.indexOf(member) + member.length() + 20;
                char other = line.charAt(from) == 'A' ? 'B' : 'A';
                LINES.set(at, line.substring(0, from) + other + line.substring(from + 1));
                Terminal.Result refused = run(program, genesis);
                LINES.set(at, line);
                assertThat(refused.exit()).as(refused.toString()).isNotZero();
                assertThat(refused.out().lines().toList())
                        .as(refused.toString())
                        .hasSize(at);
                return line;
            }
        }
        throw new AssertionError("no entry has " + member);
    }

    private static void refuses(List<String> program, String otherGenesis, String why) {
        Terminal.Result refused = run(program, otherGenesis);
        assertThat(refused.exit()).as(refused.toString()).isNotZero();
        assertThat(refused.out() + refused.err()).contains(why);
    }

    private static Terminal.Result run(List<String> program, String trusted) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of("http://127.0.0.1:" + server.getAddress().getPort(), trusted));
        return Terminal.run(directory, Map.of(), command);
    }

    private static String entries(int from) {
        StringBuilder all = new StringBuilder();
        LINES.subList(from, LINES.size()).forEach(line -> all.append(line).append('\n'));
        return all.toString();
    }

    private static Json.Obj envelope(String line) {
        return CanonicalJson.parseObject(Bytes.utf8(line)).object("envelope");
    }

    private static Statement statement(String line) {
        return Statement.parse(envelope(line).base64("payload"));
    }

    private static void record(Up up) throws IOException {
        ANSWERS.put("/v1/log", get(up, "/v1/log"));
        get(up, "/v1/entries?from=0").lines().filter(line -> !line.isEmpty()).forEach(LINES::add);
        Map<Boolean, Integer> forms = new TreeMap<>();
        for (String line : LINES) {
            Json.Obj envelope = envelope(line);
            forms.merge(envelope.has("batch"), 1, Integer::sum);
            if (envelope.has("batch")) {
                String path = "/v1/batches/" + envelope.number("batch");
                ANSWERS.put(path, get(up, path));
            }
        }
        assertThat(forms).as("entries in a batch, and signed alone").containsKeys(true, false);
    }

    private static String get(Up up, String path) throws IOException {
        try (var in = URI.create(up.http() + path).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
