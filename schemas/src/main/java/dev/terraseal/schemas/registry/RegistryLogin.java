package dev.terraseal.schemas.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** User and password of HTTP basic authentication (RFC 7617). Its text form has neither. */
public record RegistryLogin(String user, String password) {
    public RegistryLogin {
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("a user name in basic authentication has no ':'");
        }
    }

    String header() {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "RegistryLogin[redacted]";
    }
}
