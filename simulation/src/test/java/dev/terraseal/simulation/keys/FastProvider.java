package dev.terraseal.simulation.keys;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactorySpi;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SignatureSpi;
import java.security.spec.EncodedKeySpec;
import java.security.spec.KeySpec;
import java.util.Arrays;

/**
 * A JCA provider in which a signature is SHA-256 over key, nonce and message. It binds both, so that a signature over
 * other bytes or of another key fails as it must; it is only not secret. Given to the production {@code SignatureChecker}.
 */
public final class FastProvider extends Provider {
    private static final long serialVersionUID = 1L;
    static final int NONCE = 8;
    static final int LENGTH = 64;
    /** As long as Ed25519's, and in form the two numbers of ECDSA: a one, the nonce and zeros; a one and the hash. */
    private static final Bytes FIRST = Bytes.fromHex("303e" + "0219" + "01");

    private static final Bytes SECOND = Bytes.fromHex("0221" + "01");
    private static final int ZEROS = 16;

    public FastProvider() {
        super("TerrasealSimulation", "1", "signatures that cost a hash");
        put("Signature.SHA256withECDSA", Check.class.getName());
        put("Signature.Ed25519", Check.class.getName());
        put("KeyFactory.EC", Keys.class.getName());
        put("KeyFactory.Ed25519", Keys.class.getName());
    }

    static Bytes signature(Bytes spki, byte[] nonce, Bytes message) {
        Bytes used = Bytes.copyOf(nonce);
        Bytes hash = Digest.of(spki, used, message).bytes();
        return Bytes.concat(FIRST, used, Bytes.wrap(new byte[ZEROS]), SECOND, hash);
    }

    /** Whether {@code signature} is this key's over {@code message}. */
    public static boolean verifies(Bytes spki, Bytes message, byte[] signature) {
        return signature.length == LENGTH
                && signature(spki, Arrays.copyOfRange(signature, FIRST.length(), FIRST.length() + NONCE), message)
                        .equals(Bytes.copyOf(signature));
    }

    private record SpkiKey(byte[] encoded) implements PublicKey {
        @Override
        public String getAlgorithm() {
            return "simulated";
        }

        @Override
        public String getFormat() {
            return "X.509";
        }

        @Override
        public byte[] getEncoded() {
            return encoded;
        }
    }

    /** Made by the JCA. */
    public static final class Keys extends KeyFactorySpi {
        @Override
        protected PublicKey engineGeneratePublic(KeySpec spec) {
            return new SpkiKey(((EncodedKeySpec) spec).getEncoded());
        }

        @Override
        protected PrivateKey engineGeneratePrivate(KeySpec spec) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> type) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected Key engineTranslateKey(Key key) {
            throw new UnsupportedOperationException();
        }
    }

    /** Made by the JCA. */
    public static final class Check extends SignatureSpi {
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();
        private Bytes spki = Bytes.EMPTY;

        @Override
        protected void engineInitVerify(PublicKey key) {
            spki = Bytes.copyOf(key.getEncoded());
            message.reset();
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            throw new InvalidKeyException("checks only");
        }

        @Override
        protected void engineUpdate(byte b) {
            message.write(b);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int from, int length) {
            message.write(bytes, from, length);
        }

        @Override
        protected void engineUpdate(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            message.write(copy, 0, copy.length);
        }

        @Override
        protected byte[] engineSign() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected boolean engineVerify(byte[] signature) {
            return verifies(spki, Bytes.wrap(message.toByteArray()), signature);
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }
}
