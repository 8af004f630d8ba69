package dev.terraseal.schemas.json;

import dev.terraseal.core.bytes.Excerpt;
import dev.terraseal.core.statement.RejectionReason;

/**
 * One thing that is wrong with an event.
 *
 * @param pointer RFC 6901 pointer to the value, from the event's own object; empty for the whole
 * @param message what is wrong and what to write instead
 */
public record EventProblem(String pointer, RejectionReason reason, String message) {
    /** Both quote what was sent; half a character in them would break the answer that names the problem. */
    public EventProblem {
        pointer = Excerpt.wellFormed(pointer);
        message = Excerpt.wellFormed(message);
    }

    @Override
    public String toString() {
        return (pointer.isEmpty() ? "the event" : pointer) + " (" + reason.code() + "): " + message;
    }
}
