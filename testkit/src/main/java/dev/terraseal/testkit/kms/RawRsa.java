package dev.terraseal.testkit.kms;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateKey;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;

/** RSA signatures over a SHA-256 that was made elsewhere, which the JDK's Signature does not offer (RFC 8017). */
final class RawRsa {
    /** DER of DigestInfo for SHA-256 without the digest, RFC 8017 section 9.2 note 1. */
    private static final byte[] DIGEST_INFO = HexFormat.of().parseHex("3031300d060960864801650304020105000420");

    private static final int HASH = 32;

    private final RSAPrivateKey key;
    private final SecureRandom random = new SecureRandom();

    RawRsa(RSAPrivateKey key) {
        this.key = key;
    }

    byte[] pkcs1(byte[] digest) throws GeneralSecurityException {
        byte[] info = Arrays.copyOf(DIGEST_INFO, DIGEST_INFO.length + HASH);
        System.arraycopy(digest, 0, info, DIGEST_INFO.length, HASH);
        Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        cipher.init(Cipher.ENCRYPT_MODE, key);
        return cipher.doFinal(info);
    }

    /** EMSA-PSS-ENCODE of RFC 8017 section 9.1.1 with a salt of 32 bytes, then the private operation. */
    byte[] pss(byte[] digest) throws GeneralSecurityException {
        int bits = key.getModulus().bitLength() - 1;
        int length = (bits + 7) / 8;
        byte[] salt = new byte[HASH];
        random.nextBytes(salt);
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        sha256.update(new byte[8]);
        sha256.update(digest);
        byte[] h = sha256.digest(salt);

        byte[] encoded = new byte[length];
        int maskedLength = length - HASH - 1;
        encoded[maskedLength - HASH - 1] = 1;
        System.arraycopy(salt, 0, encoded, maskedLength - HASH, HASH);
        byte[] mask = mgf1(h, maskedLength);
        for (int i = 0; i < maskedLength; i++) {
            encoded[i] ^= mask[i];
        }
        encoded[0] &= (byte) (0xff >>> (8 * length - bits));
        System.arraycopy(h, 0, encoded, maskedLength, HASH);
        encoded[length - 1] = (byte) 0xbc;

        BigInteger signature = new BigInteger(1, encoded).modPow(key.getPrivateExponent(), key.getModulus());
        return fixedLength(signature, (key.getModulus().bitLength() + 7) / 8);
    }

    private static byte[] mgf1(byte[] seed, int length) throws GeneralSecurityException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        byte[] mask = new byte[length];
        for (int at = 0, counter = 0; at < length; at += HASH, counter++) {
            sha256.update(seed);
            byte[] block = sha256.digest(new byte[] {0, 0, (byte) (counter >>> 8), (byte) counter});
            System.arraycopy(block, 0, mask, at, Math.min(HASH, length - at));
        }
        return mask;
    }

    private static byte[] fixedLength(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        byte[] out = new byte[length];
        int from = Math.max(0, bytes.length - length);
        System.arraycopy(bytes, from, out, length - (bytes.length - from), bytes.length - from);
        return out;
    }
}
