package dev.terraseal.schemas.registry;

import com.fasterxml.jackson.databind.JsonNode;

/** What the registry answered: HTTP status and JSON body. */
record RegistryReply(int status, JsonNode body) {

    boolean ok() {
        return status >= 200 && status < 300;
    }

    /** The registry's own code, or 0 when the body has none: then something in front of the registry answered. */
    int errorCode() {
        return body.path("error_code").asInt(0);
    }

    String message() {
        return body.path("message").asText("no message");
    }
}
