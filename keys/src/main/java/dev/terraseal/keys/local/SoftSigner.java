package dev.terraseal.keys.local;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.MessageSigner;

/** A key in memory, bound to the one use and algorithm its log declares. */
public final class SoftSigner implements MessageSigner {
    private final DeclaredKey declared;
    private final SoftKey key;

    /** @throws IllegalArgumentException if {@code key} is not the private half of {@code declared} */
    public SoftSigner(DeclaredKey declared, SoftKey key) {
        if (!declared.spki().equals(key.spki()) || !key.algorithms().contains(declared.algorithm())) {
            throw new IllegalArgumentException(
                    "the private key is not that of " + declared.use().text() + " key " + declared.keyid());
        }
        this.declared = declared;
        this.key = key;
    }

    @Override
    public DeclaredKey key() {
        return declared;
    }

    SoftKey privateHalf() {
        return key;
    }

    @Override
    public Bytes sign(Bytes message) {
        return key.sign(declared.algorithm(), message);
    }
}
