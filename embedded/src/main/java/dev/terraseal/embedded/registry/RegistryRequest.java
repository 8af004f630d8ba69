package dev.terraseal.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was asked.
 *
 * @param path its segments, decoded each: a subject may contain a slash
 */
record RegistryRequest(String method, List<String> path, String query, JsonNode body) {

    static RegistryRequest of(HttpExchange exchange, JsonNode body) throws RegistryError {
        List<String> path = new ArrayList<>();
        for (String segment : exchange.getRequestURI().getRawPath().split("/", -1)) {
            if (!segment.isEmpty()) {
                path.add(decode(segment));
            }
        }
        String query = exchange.getRequestURI().getRawQuery();
        return new RegistryRequest(exchange.getRequestMethod(), path, query == null ? "" : query, body);
    }

    private static String decode(String segment) throws RegistryError {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw RegistryError.malformed("the path has a broken percent escape");
        }
    }

    boolean is(String wantedMethod, String... pattern) {
        if (!method.equals(wantedMethod) || path.size() != pattern.length) {
            return false;
        }
        for (int i = 0; i < pattern.length; i++) {
            if (!pattern[i].equals("*") && !pattern[i].equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    boolean asks(String parameter) {
        return List.of(query.split("&", -1)).contains(parameter + "=true");
    }

    /** The schema in the body; only Avro that stands for itself is kept here. */
    String schema() throws RegistryError {
        JsonNode schema = body.path("schema");
        if (!schema.isTextual()) {
            throw RegistryError.invalidSchema("the body has no text member 'schema'");
        }
        String type = text("schemaType");
        if (type != null && !type.equals("AVRO")) {
            throw RegistryError.invalidSchema("this registry keeps Avro schemas only, not " + type);
        }
        if (!body.path("references").isEmpty()) {
            throw RegistryError.invalidSchema(
                    "this registry has no references between subjects; put the named types into the schema itself");
        }
        return schema.asText();
    }

    @Nullable String text(String member) {
        JsonNode value = body.path(member);
        return value.isTextual() ? value.asText() : null;
    }
}
