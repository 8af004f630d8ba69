package dev.terraseal.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.schemas.SchemaSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry for one deployment, to be mounted in a JDK HTTP server at each of {@link #ROOTS}. It speaks the part
 * of Confluent's API that its clients need; nothing is ever deleted from it.
 */
public final class RegistryServer implements HttpHandler, SchemaSource, AutoCloseable {
    /** The paths it answers, each with all that lies below. */
    public static final List<String> ROOTS = List.of("/subjects", "/schemas", "/config", "/compatibility", "/mode");

    private static final Logger LOG = LoggerFactory.getLogger(RegistryServer.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BODY = 1 << 20;

    private final Registry registry;
    private final RegistryRoutes routes;

    private RegistryServer(Registry registry) {
        this.registry = registry;
        this.routes = new RegistryRoutes(registry);
    }

    /**
     * Creates or reads its topic and becomes its only writer.
     *
     * @throws IllegalStateException if somebody else wrote to the topic
     */
    public static RegistryServer open(KafkaConnection connection, InstantSource clock) {
        return new RegistryServer(Registry.open(connection, clock));
    }

    /**
     * The id of this schema under this subject, given now or before.
     *
     * @throws IllegalStateException if it is invalid, incompatible with an older version, or Kafka did not keep it
     */
    public int register(String subject, String schema) {
        try {
            return registry.register(subject, schema).id();
        } catch (RegistryError e) {
            throw new IllegalStateException(
                    "the schema for subject " + subject + " was not registered: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<Schema> byId(int id) {
        try {
            return Optional.of(registry.byId(id));
        } catch (RegistryError unknown) {
            return Optional.empty();
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                JsonNode answer = routes.answer(RegistryRequest.of(exchange, body(exchange)));
                send(exchange, 200, answer);
            } catch (RegistryError e) {
                send(exchange, e.status(), error(e.code(), String.valueOf(e.getMessage())));
            } catch (RuntimeException e) {
                LOG.error(
                        "registry request failed path={}",
                        exchange.getRequestURI().getRawPath(),
                        e);
                send(exchange, 500, error(50001, "Error in the backend data store: " + e.getMessage()));
            }
        }
    }

    private static JsonNode body(HttpExchange exchange) throws IOException, RegistryError {
        byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (bytes.length > MAX_BODY) {
            throw RegistryError.tooLarge(MAX_BODY);
        }
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw RegistryError.malformed("the request's body is not JSON");
        }
    }

    private static ObjectNode error(int code, String message) {
        return JSON.createObjectNode().put("error_code", code).put("message", message);
    }

    private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        registry.close();
    }
}
