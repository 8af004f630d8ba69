package dev.terraseal.run.origin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where a configuration keeps its state.
 *
 * @param name of the workspace
 * @param backend its type, {@code local} where none is configured
 * @param place what names the state within the backend, safe to show; empty where the backend gives nothing to go by
 */
public record Workspace(String name, String backend, List<String> place) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    public Workspace {
        place = List.copyOf(place);
    }

    /** Reads what {@code terraform init} and {@code workspace select} left behind; starts nothing. */
    public static Workspace of(Path directory, Map<String, String> environment) throws IOException {
        String named = environment.getOrDefault("TF_DATA_DIR", "");
        Path data = directory.resolve(named.isEmpty() ? ".terraform" : named);
        JsonNode backend = backend(data.resolve("terraform.tfstate"));
        JsonNode config = backend.path("config");
        String type = backend.path("type").asText("local");
        String workspace = workspace(data, environment, config);
        return new Workspace(workspace, type, place(type, config, workspace));
    }

    private static JsonNode backend(Path file) throws IOException {
        if (!Files.exists(file)) {
            return MissingNode.getInstance();
        }
        try {
            return MAPPER.readTree(Files.readAllBytes(file)).path("backend");
        } catch (com.fasterxml.jackson.core.JsonProcessingException broken) {
            // Terraform itself will say that this file is broken, and better.
            return MissingNode.getInstance();
        }
    }

    private static String workspace(Path data, Map<String, String> environment, JsonNode config) throws IOException {
        String variable = environment.getOrDefault("TF_WORKSPACE", "");
        if (!variable.isEmpty()) {
            return variable;
        }
        Path selected = data.resolve("environment");
        if (Files.exists(selected)) {
            String text = Files.readString(selected, StandardCharsets.UTF_8).strip();
            if (!text.isEmpty()) {
                return text;
            }
        }
        JsonNode cloud = config.path("workspaces");
        JsonNode fixed = cloud.isArray() ? cloud.path(0).path("name") : cloud.path("name");
        return fixed.isTextual() && !fixed.asText().isEmpty() ? fixed.asText() : "default";
    }

    /** Only members that name a place are read; a backend's configuration also holds credentials. */
    private static List<String> place(String type, JsonNode config, String workspace) {
        List<String> members = switch (type) {
            case "s3" -> List.of("bucket", "key");
            case "gcs" -> List.of("bucket", "prefix");
            case "azurerm" -> List.of("storage_account_name", "container_name", "key");
            case "oss", "cos" -> List.of("bucket", "prefix");
            case "remote", "cloud" -> List.of("organization");
            default -> List.of();
        };
        List<String> out = new ArrayList<>();
        for (String member : members) {
            String value = config.path(member).asText("");
            if (!value.isEmpty() && !value.equals("null")) {
                out.add(value.endsWith(".tfstate") ? value.substring(0, value.length() - ".tfstate".length()) : value);
            }
        }
        boolean named = !workspace.equals("default") && !out.isEmpty();
        if (named) {
            out.add(workspace);
        }
        return out;
    }
}
