package dev.terraseal.sequencer;

import dev.terraseal.schemas.DecodedEvent;
import dev.terraseal.schemas.registry.RegistryUnavailableException;
import org.jspecify.annotations.Nullable;

/** Turns a record's value into an event, or into the reason why it is none. One instance a task; it may hold buffers. */
@FunctionalInterface
public interface EventReading {
    DecodedEvent decode(byte @Nullable [] value) throws RegistryUnavailableException;
}
