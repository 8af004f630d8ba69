package dev.terraseal.schemas.json;

import dev.terraseal.core.statement.Event;
import dev.terraseal.schemas.EventRecord;
import java.util.List;
import java.util.function.Function;

/** What one JSON event of a request turned out to be. */
public sealed interface ParsedEvent {
    <T> T fold(Function<? super Accepted, ? extends T> accepted, Function<? super Refused, ? extends T> refused);

    /**
     * An event that satisfies every rule that needs no knowledge of the log.
     *
     * @param record to send, once identity and salt are in it
     * @param event the same as the sequencer will read it: for its content digest and the size of its statement
     */
    record Accepted(EventRecord record, Event event) implements ParsedEvent {
        @Override
        public <T> T fold(
                Function<? super Accepted, ? extends T> accepted, Function<? super Refused, ? extends T> refused) {
            return accepted.apply(this);
        }
    }

    /** Everything that is wrong with it, never empty. */
    record Refused(List<EventProblem> problems) implements ParsedEvent {
        public Refused {
            problems = List.copyOf(problems);
        }

        @Override
        public <T> T fold(
                Function<? super Accepted, ? extends T> accepted, Function<? super Refused, ? extends T> refused) {
            return refused.apply(this);
        }
    }
}
