package dev.terraseal.core.bytes;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** 32 bytes in their one canonical base64 form: 43 characters and one {@code =}, the last two bits zero. */
final class Base64Digest {
    private static final int CHARACTERS = 44;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    /** What each character is worth, and −1 for every other. */
    private static final byte[] WORTH = worth();

    private Base64Digest() {}

    private static byte[] worth() {
        byte[] worth = new byte[128];
        Arrays.fill(worth, (byte) -1);
        for (int i = 0; i < ALPHABET.length(); i++) {
            worth[ALPHABET.charAt(i)] = (byte) i;
        }
        return worth;
    }

    /** The bytes, or null if {@code text[from, to)} is anything else; why is for {@link Bytes#fromBase64} to say. */
    static byte @Nullable [] read(byte[] text, int from, int to) {
        if (to - from != CHARACTERS || text[to - 1] != '=') {
            return null;
        }
        byte[] out = new byte[Digest.LENGTH];
        int wrong = 0;
        int at = 0;
        for (int i = from; i < from + 40; i += 4) {
            int first = worth(text[i]);
            int second = worth(text[i + 1]);
            int third = worth(text[i + 2]);
            int fourth = worth(text[i + 3]);
            wrong |= first | second | third | fourth;
            out[at++] = (byte) (first << 2 | second >> 4);
            out[at++] = (byte) (second << 4 | third >> 2);
            out[at++] = (byte) (third << 6 | fourth);
        }
        int first = worth(text[from + 40]);
        int second = worth(text[from + 41]);
        int third = worth(text[from + 42]);
        wrong |= first | second | third;
        out[at++] = (byte) (first << 2 | second >> 4);
        out[at] = (byte) (second << 4 | third >> 2);
        return wrong < 0 || (third & 3) != 0 ? null : out;
    }

    private static int worth(byte character) {
        return character < 0 ? -1 : WORTH[character];
    }
}
