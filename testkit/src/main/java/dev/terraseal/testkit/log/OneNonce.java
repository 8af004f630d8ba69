package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;

/**
 * ECDSA on P-256 with one nonce for every message. That gives the key away to whoever sees two signatures, and is why tens of
 * thousands of them take a second: no point is multiplied. A verifier cannot tell.
 */
final class OneNonce {
    private final BigInteger order;
    private final BigInteger secret;
    private final BigInteger inverse;
    private final BigInteger r;

    /** @param nonce a key pair whose secret is the nonce */
    OneNonce(KeyPair key, KeyPair nonce) {
        ECPrivateKey k = (ECPrivateKey) nonce.getPrivate();
        this.order = k.getParams().getOrder();
        this.secret = ((ECPrivateKey) key.getPrivate()).getS();
        this.inverse = k.getS().modInverse(order);
        this.r = ((ECPublicKey) nonce.getPublic()).getW().getAffineX().mod(order);
    }

    Bytes sign(Bytes message) {
        BigInteger hash = new BigInteger(1, Digest.of(message).bytes().toByteArray());
        BigInteger s = inverse.multiply(hash.add(r.multiply(secret))).mod(order);
        Bytes both = Bytes.concat(integer(r), integer(s));
        return Bytes.concat(Bytes.wrap(new byte[] {0x30, (byte) both.length()}), both);
    }

    private static Bytes integer(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return Bytes.concat(Bytes.wrap(new byte[] {2, (byte) bytes.length}), Bytes.wrap(bytes));
    }
}
