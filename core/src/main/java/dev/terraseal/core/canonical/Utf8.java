package dev.terraseal.core.canonical;

/** Well-formed UTF-8, RFC 3629: no overlong form, no surrogate, nothing beyond U+10FFFF. */
final class Utf8 {
    private Utf8() {}

    /** The length of the well-formed sequence that begins at {@code at} with a byte ≥ 0x80, or 0 if there is none. */
    static int width(byte[] source, int at, int end) {
        int first = source[at] & 0xff;
        if (first >= 0xc2 && first <= 0xdf) {
            return at + 1 < end && isNext(source[at + 1]) ? 2 : 0;
        }
        if (first >= 0xe0 && first <= 0xef) {
            if (at + 2 >= end || !isNext(source[at + 1]) || !isNext(source[at + 2])) {
                return 0;
            }
            int second = source[at + 1] & 0xff;
            boolean overlong = first == 0xe0 && second < 0xa0;
            boolean surrogate = first == 0xed && second >= 0xa0;
            return overlong || surrogate ? 0 : 3;
        }
        if (first >= 0xf0 && first <= 0xf4) {
            if (at + 3 >= end || !isNext(source[at + 1]) || !isNext(source[at + 2]) || !isNext(source[at + 3])) {
                return 0;
            }
            int second = source[at + 1] & 0xff;
            boolean overlong = first == 0xf0 && second < 0x90;
            boolean beyond = first == 0xf4 && second >= 0x90;
            return overlong || beyond ? 0 : 4;
        }
        return 0;
    }

    private static boolean isNext(byte b) {
        return (b & 0xc0) == 0x80;
    }
}
