package dev.terraseal.signer;

import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.statement.Statement;

/**
 * A statement that may be signed: it extends what was signed before.
 *
 * @param source offset of its event
 * @param signer the key that signs at its place
 * @param keys of the log, known that far at least
 */
record Admitted(long source, Statement statement, MessageSigner signer, KeyRing keys) {}
