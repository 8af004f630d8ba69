package dev.terraseal.schemas;

import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.Rejection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a record of {@code terraseal.events} turned out to be. */
public sealed interface DecodedEvent {
    <T> T fold(Function<? super Decoded, ? extends T> decoded, Function<? super Refused, ? extends T> refused);

    /** An event that satisfies every rule that needs no knowledge of the log. */
    record Decoded(Event event) implements DecodedEvent {
        @Override
        public <T> T fold(
                Function<? super Decoded, ? extends T> decoded, Function<? super Refused, ? extends T> refused) {
            return decoded.apply(this);
        }
    }

    /**
     * Not an event.
     *
     * @param pointer RFC 6901 pointer to the field at fault, as the message has it too; empty for the whole
     * @param stream as far as the record could be read, so that whoever waits for (stream, id) gets the answer; so is id
     */
    record Refused(
            Rejection rejection,
            String pointer,
            @Nullable StreamId stream,
            @Nullable EventId id) implements DecodedEvent {
        @Override
        public <T> T fold(
                Function<? super Decoded, ? extends T> decoded, Function<? super Refused, ? extends T> refused) {
            return refused.apply(this);
        }
    }
}
