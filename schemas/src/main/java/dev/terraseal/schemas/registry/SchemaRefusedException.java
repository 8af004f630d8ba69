package dev.terraseal.schemas.registry;

/** The registry answered, and will not have this schema under this subject: invalid, or incompatible with an older one. */
public final class SchemaRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errorCode;

    SchemaRefusedException(String subject, RegistryReply reply) {
        super("the schema registry refused the schema for subject " + subject + " (" + reply.errorCode() + "): "
                + reply.message());
        this.errorCode = reply.errorCode();
    }

    /** Confluent's code: 409 incompatible, 42201 invalid, 42205 read-only. */
    public int errorCode() {
        return errorCode;
    }
}
