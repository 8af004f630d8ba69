package dev.terraseal.verifier.tlog;

import dev.terraseal.core.checkpoint.TlogPolicy;
import dev.terraseal.core.checkpoint.VerifierKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the caller brought to judge by. {@code required} are those witnesses who all have to have cosigned. */
record Trust(
        List<VerifierKey> logs,
        List<VerifierKey> witnesses,
        List<VerifierKey> required,
        @Nullable TlogPolicy policy,
        @Nullable String origin) {
    Trust {
        logs = List.copyOf(logs);
        witnesses = List.copyOf(witnesses);
        required = List.copyOf(required);
    }
}
