package dev.terraseal.run.terraform;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.terraseal.core.bytes.Bytes;
import java.io.IOException;
import java.util.Optional;

/**
 * One line of terraform's machine-readable UI. Unknown properties and types are allowed by its rules; a line that is no
 * such object is other text, which the stream also carries.
 */
public record UiMessage(String type, String text, JsonNode json) {
    /** An emergency dump of a whole state comes as one line. */
    private static final int LINE_MAX = 256 << 20;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(LINE_MAX)
                    .maxNumberLength(100_000)
                    .build())
            .build());

    public static Optional<UiMessage> parse(Bytes line) {
        if (line.isEmpty() || line.at(0) != '{') {
            return Optional.empty();
        }
        try {
            JsonNode json = MAPPER.readTree(line.toByteArray());
            if (json != null && json.path("type").isTextual() && json.has("@message")) {
                return Optional.of(new UiMessage(
                        json.path("type").asText(), json.path("@message").asText(), json));
            }
            return Optional.empty();
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        } catch (IOException impossible) {
            throw new IllegalStateException("reading bytes in memory failed", impossible);
        }
    }

    /** The resource a hook or a planned change is about. */
    public JsonNode resource() {
        JsonNode hook = json.path("hook").path("resource");
        return hook.isMissingNode() ? json.path("change").path("resource") : hook;
    }
}
