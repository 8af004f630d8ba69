package dev.terraseal.signer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.statement.Statement;

/**
 * A statement with its signature.
 *
 * @param source offset of its event
 * @param keyid of the key that signed
 */
record Signed(long source, Statement statement, KeyId keyid, Bytes signature) {}
