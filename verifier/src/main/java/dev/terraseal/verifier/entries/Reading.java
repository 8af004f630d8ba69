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
 * @param problem why they are none
 */
public record Reading(
        @Nullable Statement statement, @Nullable Digest content, String problem) {
    static Reading of(Bytes bytes, Digest entryHash) {
        try {
            Statement statement = Statement.parse(bytes, entryHash);
            return new Reading(statement, statement.derivedContentDigest(), "");
        } catch (IllegalArgumentException notOne) {
            return new Reading(null, null, String.valueOf(notOne.getMessage()));
        }
    }
}
