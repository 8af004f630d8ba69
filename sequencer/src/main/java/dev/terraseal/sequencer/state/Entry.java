package dev.terraseal.sequencer.state;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;

/**
 * A record of {@code terraseal.sequenced}, read back.
 *
 * @param source offset of the event on {@code terraseal.events}
 */
public record Entry(long sequence, long source, Digest entryHash, Bytes statement) {}
