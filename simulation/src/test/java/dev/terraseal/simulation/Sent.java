package dev.terraseal.simulation;

import dev.terraseal.core.bytes.Bytes;

/**
 * An event that a pipeline was told is accepted.
 *
 * @param outcome what it says of itself, by which its two contents are told apart
 * @param offset on {@code terraseal.events}, as it was told
 */
public record Sent(String stream, String id, String outcome, Bytes framed, long offset) {}
