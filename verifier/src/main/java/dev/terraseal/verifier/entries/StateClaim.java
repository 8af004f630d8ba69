package dev.terraseal.verifier.entries;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import org.jspecify.annotations.Nullable;

/**
 * What an apply says of the state it found and of the one it left.
 *
 * @param problem why it cannot be read, empty if it can
 */
public record StateClaim(
        String lineage,
        @Nullable Long serialBefore,
        @Nullable Long serialAfter,
        @Nullable String sha256Before,
        @Nullable String sha256After,
        String problem) {

    /** Null if the statement says nothing of a state. */
    static @Nullable StateClaim of(Statement statement) {
        if (statement.type() != PredicateType.TERRAFORM_APPLY) {
            return null;
        }
        try {
            Json.Obj state = statement.body().objectOrNull("state");
            String lineage = state == null ? null : state.stringOrNull("lineage");
            return state == null || lineage == null
                    ? null
                    : new StateClaim(
                            lineage,
                            state.numberOrNull("serialBefore"),
                            state.numberOrNull("serialAfter"),
                            state.stringOrNull("sha256Before"),
                            state.stringOrNull("sha256After"),
                            "");
        } catch (JsonException unreadable) {
            return new StateClaim("", null, null, null, null, String.valueOf(unreadable.getMessage()));
        }
    }

    boolean isUnreadable() {
        return !problem.isEmpty();
    }
}
