package dev.terraseal.embedded.registry;

/** A refusal in the words of Confluent's API: HTTP status and error code. */
final class RegistryError extends Exception {
    /** Kafka did not keep, or could not be asked. */
    static final int STORE = 50001;

    private static final long serialVersionUID = 1;

    private final int status;
    private final int code;

    private RegistryError(int status, int code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    int code() {
        return code;
    }

    static RegistryError subjectUnknown(String subject) {
        return new RegistryError(404, 40401, "Subject '" + subject + "' not found.");
    }

    static RegistryError versionUnknown(String version) {
        return new RegistryError(404, 40402, "Version " + version + " not found.");
    }

    static RegistryError schemaUnknown() {
        return new RegistryError(404, 40403, "Schema not found");
    }

    static RegistryError noLevelOfItsOwn(String subject) {
        return new RegistryError(
                404, 40408, "Subject '" + subject + "' does not have subject-level compatibility configured");
    }

    static RegistryError invalidSchema(String reason) {
        return new RegistryError(422, 42201, "Invalid schema: " + reason);
    }

    static RegistryError invalidVersion(String version) {
        return new RegistryError(
                422,
                42202,
                "The specified version '" + version
                        + "' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\"");
    }

    static RegistryError invalidLevel(String level) {
        return new RegistryError(
                422,
                42203,
                "Invalid compatibility level '" + level + "'. Valid values are none, backward, forward,"
                        + " full, backward_transitive, forward_transitive, and full_transitive");
    }

    static RegistryError notPermitted(String reason) {
        return new RegistryError(422, 42205, reason);
    }

    static RegistryError incompatible(String subject, String details) {
        return new RegistryError(
                409,
                409,
                "Schema being registered is incompatible with an earlier schema for subject \"" + subject
                        + "\", details: " + details);
    }

    static RegistryError malformed(String reason) {
        return new RegistryError(400, 400, reason);
    }

    static RegistryError tooLarge(int limit) {
        return new RegistryError(413, 413, "a request has at most " + limit + " bytes");
    }

    static RegistryError noSuchPath() {
        return new RegistryError(404, 404, "HTTP 404 Not Found");
    }

    static RegistryError store(String reason) {
        return new RegistryError(500, STORE, "Error in the backend data store: " + reason);
    }
}
