package dev.terraseal.verifier.time;

import java.time.Instant;

/**
 * A token that counts: an authority the caller believes says that the checkpoint of {@code size} existed at {@code time}.
 *
 * @param root the name of the root it leads to
 */
public record Stamp(long size, Instant time, String root) {}
