package dev.terraseal.run.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** What {@code terraform version -json} says. */
final class EngineVersion {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private EngineVersion() {}

    static Optional<String> read(InputStream answer) throws IOException {
        JsonNode version = MAPPER.readTree(answer).path("terraform_version");
        return version.isTextual() ? Optional.of(version.asText()) : Optional.empty();
    }

    /** What does not look like a version counts as new. */
    static boolean atLeast(String version, int major, int minor) {
        String[] parts = version.split("[.-]", -1);
        if (parts.length < 2 || !parts[0].matches("[0-9]{1,4}") || !parts[1].matches("[0-9]{1,4}")) {
            return true;
        }
        int actual = Integer.parseInt(parts[0]);
        return actual > major || (actual == major && Integer.parseInt(parts[1]) >= minor);
    }
}
