package dev.terraseal.verifier.entries;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.statement.Statement;
import org.jspecify.annotations.Nullable;

/**
 * What the bytes of an entry are, as far as they tell by themselves.
 *
 * @param statement null if they are no statement of this version
 * @param content what the content of the statement hashes to
 * @param state what the statement says of a state, if it does
 * @param problem why they are none
 */
public record Reading(
        @Nullable Statement statement,
        @Nullable Digest content,
        @Nullable StateClaim state,
        String problem) {
    static Reading of(Bytes bytes, Digest entryHash) {
        try {
            Statement statement = Statement.parse(bytes, entryHash);
            return new Reading(statement, statement.derivedContentDigest(), StateClaim.of(statement), "");
        } catch (IllegalArgumentException notOne) {
            return new Reading(null, null, null, String.valueOf(notOne.getMessage()));
        }
    }
}
