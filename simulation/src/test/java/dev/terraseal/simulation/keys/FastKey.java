package dev.terraseal.simulation.keys;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/** A key that is the same in every run. ECDSA's signatures differ each time, as a KMS makes them; Ed25519's do not. */
public final class FastKey implements MessageSigner {
    private static final Bytes P256 = Bytes.fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
    private static final Bytes ED25519 = Bytes.fromHex("302a300506032b6570032100");

    private final DeclaredKey key;
    private final LongSupplier nonces;

    private FastKey(DeclaredKey key, LongSupplier nonces) {
        this.key = key;
        this.nonces = nonces;
    }

    public static FastKey p256(KeyUse use) {
        Bytes x = Digest.of(Bytes.utf8("x of " + use)).bytes();
        Bytes y = Digest.of(Bytes.utf8("y of " + use)).bytes();
        long[] next = {0};
        return new FastKey(DeclaredKey.of(use, Algorithm.ECDSA_SHA_256, join(P256, x, y)), () -> ++next[0]);
    }

    public static FastKey ed25519(KeyUse use) {
        Bytes point = Digest.of(Bytes.utf8("point of " + use)).bytes();
        return new FastKey(DeclaredKey.of(use, Algorithm.ED25519_SHA_512, join(ED25519, point)), () -> 0);
    }

    private static Bytes join(Bytes... parts) {
        int length = 0;
        for (Bytes part : parts) {
            length += part.length();
        }
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (Bytes part : parts) {
            joined.put(part.toByteArray());
        }
        return Bytes.wrap(joined.array());
    }

    /** The same key, with nonces that begin anew: a run must not depend on the runs before it. */
    public FastKey fresh() {
        long[] next = {0};
        return new FastKey(key, key.algorithm() == Algorithm.ECDSA_SHA_256 ? () -> ++next[0] : nonces);
    }

    @Override
    public DeclaredKey key() {
        return key;
    }

    @Override
    public Bytes sign(Bytes message) {
        byte[] nonce =
                ByteBuffer.allocate(Long.BYTES).putLong(nonces.getAsLong()).array();
        return FastProvider.signature(key.spki(), nonce, message);
    }
}
