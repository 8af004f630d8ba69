package dev.terraseal.core.bytes;

/** The idempotency key of an event, unique within its stream: {@code [A-Za-z0-9][A-Za-z0-9._:@-]{0,127}}. */
public record EventId(String value) {
    public EventId {
        if (!hasForm(value)) {
            throw new IllegalArgumentException(
                    "'" + Excerpt.of(value, 80)
                            + "' is no event id: begin with a letter or digit, then letters, digits and . _ : @ - up to 128 characters (example: run-4711-apply)");
        }
    }

    private static boolean hasForm(String value) {
        int length = value.length();
        if (length == 0 || length > 128 || !StreamId.isLetterOrDigit(value.charAt(0))) {
            return false;
        }
        for (int i = 1; i < length; i++) {
            char c = value.charAt(i);
            if (!StreamId.isLetterOrDigit(c) && c != '.' && c != '_' && c != ':' && c != '@' && c != '-') {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return value;
    }
}
