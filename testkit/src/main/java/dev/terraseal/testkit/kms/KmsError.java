package dev.terraseal.testkit.kms;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;

/** An error answer of the service. Shape: "Common Errors" and "API_Sign" in the AWS KMS API Reference, JSON 1.1. */
final class KmsError extends Exception {
    private static final long serialVersionUID = 1L;

    private final String type;
    private final int status;

    private KmsError(String type, int status, String message) {
        super(message);
        this.type = type;
        this.status = status;
    }

    static KmsError refused(String type, String message) {
        return new KmsError(type, 400, message);
    }

    static KmsError unavailable(String type, String message) {
        return new KmsError(type, 500, message);
    }

    int status() {
        return status;
    }

    Bytes body() {
        return Json.obj()
                .put("__type", type)
                .put("message", String.valueOf(getMessage()))
                .build()
                .bytes();
    }
}
