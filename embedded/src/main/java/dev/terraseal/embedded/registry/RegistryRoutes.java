package dev.terraseal.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.terraseal.schemas.registry.RegisteredSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Confluent's paths and bodies. Source: Schema Registry API reference, docs.confluent.io, "Schema Registry API".
 * What is not here: deletion (refused), modes, references, other schema types, exporters, contexts.
 */
final class RegistryRoutes {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Registry registry;

    RegistryRoutes(Registry registry) {
        this.registry = registry;
    }

    JsonNode answer(RegistryRequest request) throws RegistryError {
        if (request.method().equals("DELETE")) {
            throw RegistryError.notPermitted("nothing is deleted here: records in the log were written with it");
        }
        if (request.path().isEmpty()) {
            throw RegistryError.noSuchPath();
        }
        return switch (request.path().get(0)) {
            case "subjects" -> subjects(request);
            case "schemas" -> schemas(request);
            case "config" -> config(request);
            case "compatibility" -> compatibility(request);
            case "mode" -> mode(request);
            default -> throw RegistryError.noSuchPath();
        };
    }

    private JsonNode subjects(RegistryRequest request) throws RegistryError {
        List<String> path = request.path();
        if (request.is("GET", "subjects")) {
            ArrayNode names = JSON.arrayNode();
            registry.subjects().forEach(names::add);
            return names;
        }
        if (request.is("POST", "subjects", "*")) {
            return whole(registry.find(path.get(1), request.schema()));
        }
        if (request.is("GET", "subjects", "*", "versions")) {
            ArrayNode versions = JSON.arrayNode();
            registry.versions(path.get(1)).forEach(version -> versions.add(version.version()));
            return versions;
        }
        if (request.is("POST", "subjects", "*", "versions")) {
            return JSON.objectNode()
                    .put("id", registry.register(path.get(1), request.schema()).id());
        }
        if (request.is("GET", "subjects", "*", "versions", "*")) {
            return whole(registry.version(path.get(1), path.get(3)));
        }
        throw RegistryError.noSuchPath();
    }

    private static ObjectNode whole(RegisteredSchema schema) {
        return JSON.objectNode()
                .put("subject", schema.subject())
                .put("version", schema.version())
                .put("id", schema.id())
                .put("schema", schema.schema());
    }

    private JsonNode schemas(RegistryRequest request) throws RegistryError {
        List<String> path = request.path();
        if (request.is("GET", "schemas", "types")) {
            return JSON.arrayNode().add("AVRO");
        }
        if (request.is("GET", "schemas", "ids", "*")) {
            return JSON.objectNode()
                    .put("schema", registry.byId(id(path.get(2))).toString());
        }
        if (request.is("GET", "schemas", "ids", "*", "versions")) {
            ArrayNode versions = JSON.arrayNode();
            for (RegisteredSchema schema : registry.withId(id(path.get(2)))) {
                versions.addObject().put("subject", schema.subject()).put("version", schema.version());
            }
            return versions;
        }
        if (request.is("GET", "schemas", "ids", "*", "subjects")) {
            ArrayNode subjects = JSON.arrayNode();
            registry.withId(id(path.get(2))).forEach(schema -> subjects.add(TextNode.valueOf(schema.subject())));
            return subjects;
        }
        throw RegistryError.noSuchPath();
    }

    private static int id(String text) throws RegistryError {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw RegistryError.schemaUnknown();
        }
    }

    private JsonNode config(RegistryRequest request) throws RegistryError {
        List<String> path = request.path();
        if (request.is("GET", "config")) {
            return JSON.objectNode().put("compatibilityLevel", registry.level().name());
        }
        if (request.is("GET", "config", "*")) {
            return JSON.objectNode()
                    .put(
                            "compatibilityLevel",
                            registry.level(path.get(1), request.asks("defaultToGlobal"))
                                    .name());
        }
        if (request.is("PUT", "config") || request.is("PUT", "config", "*")) {
            String level = request.text("compatibility");
            if (level == null) {
                throw RegistryError.invalidLevel("");
            }
            registry.setLevel(path.size() == 1 ? "" : path.get(1), level);
            return JSON.objectNode().put("compatibility", level);
        }
        throw RegistryError.noSuchPath();
    }

    private JsonNode compatibility(RegistryRequest request) throws RegistryError {
        List<String> path = request.path();
        if (request.is("POST", "compatibility", "subjects", "*", "versions", "*")) {
            return judged(request, path.get(2), path.get(4));
        }
        if (request.is("POST", "compatibility", "subjects", "*", "versions")) {
            return judged(request, path.get(2), null);
        }
        throw RegistryError.noSuchPath();
    }

    private JsonNode judged(RegistryRequest request, String subject, @Nullable String version) throws RegistryError {
        List<String> conflicts = registry.conflicts(subject, version, request.schema());
        ObjectNode answer = JSON.objectNode().put("is_compatible", conflicts.isEmpty());
        if (request.asks("verbose")) {
            conflicts.forEach(answer.putArray("messages")::add);
        }
        return answer;
    }

    private static JsonNode mode(RegistryRequest request) throws RegistryError {
        if (!request.method().equals("GET")) {
            throw RegistryError.notPermitted("this registry has one mode, READWRITE");
        }
        return JSON.objectNode().put("mode", "READWRITE");
    }
}
