package dev.terraseal.run.spool;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import java.nio.file.Path;

/** An event that waits to be sent. {@code bytes} are what is posted, unchanged from the first attempt to the last. */
public record SpooledEvent(Path file, StreamId stream, EventId id, Bytes bytes) {}
