package dev.terraseal.core.checkpoint;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A signature line that verified under a key the caller gave. {@code seenAt} is what a cosignature says, to the second. */
public record VerifiedLine(
        SignatureLine line, VerifierKey key, @Nullable Instant seenAt) {}
