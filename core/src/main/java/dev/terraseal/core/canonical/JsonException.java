package dev.terraseal.core.canonical;

/** A JSON text or value that is not what it has to be. The message names the position or the member. */
public final class JsonException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public JsonException(String message) {
        super(message);
    }

    static JsonException at(int position, String what) {
        return new JsonException(what + " at byte " + position);
    }
}
