package dev.terraseal.core.keys;

import dev.terraseal.core.bytes.Bytes;

/**
 * The form of an ECDSA signature: {@code SEQUENCE { r INTEGER, s INTEGER }} (RFC 3279 §2.2.3) in DER (X.690 §8.3, §10.1).
 *
 * <p>It is looked at before any provider is asked, because they differ: JDK 17 takes an {@code r} that is written as a
 * negative number for the positive one of the same bits, Bouncy Castle, BoringSSL and browsers refuse it. Who accepts two
 * encodings of one signature says yes where the next verifier says no.
 */
public final class EcdsaSignature {
    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;
    private static final int LONG_LENGTH = 0x80;
    private static final int ONE_BYTE_LENGTH = 0x81;

    private EcdsaSignature() {}

    /** Whether these bytes are the one encoding of two non-negative integers, for a curve of at most 521 bits. */
    public static boolean isDer(Bytes signature) {
        int length = signature.length();
        int body = length > 1 && unsigned(signature, 1) == ONE_BYTE_LENGTH ? 3 : 2;
        if (length < body || unsigned(signature, 0) != SEQUENCE) {
            return false;
        }
        int said = unsigned(signature, body - 1);
        boolean shortest = body == 2 ? said < LONG_LENGTH : said >= LONG_LENGTH;
        if (!shortest || body + said != length) {
            return false;
        }
        int second = afterInteger(signature, body);
        return second > 0 && afterInteger(signature, second) == length;
    }

    /** Where the integer at {@code at} ends, or −1 if there is none in its one form. */
    private static int afterInteger(Bytes der, int at) {
        if (at + 2 >= der.length() || unsigned(der, at) != INTEGER) {
            return -1;
        }
        int length = unsigned(der, at + 1);
        int end = at + 2 + length;
        if (length == 0 || length >= LONG_LENGTH || end > der.length()) {
            return -1;
        }
        boolean negative = der.at(at + 2) < 0;
        boolean spareZero = length > 1 && der.at(at + 2) == 0 && der.at(at + 3) >= 0;
        return negative || spareZero ? -1 : end;
    }

    private static int unsigned(Bytes bytes, int at) {
        return bytes.at(at) & 0xff;
    }
}
