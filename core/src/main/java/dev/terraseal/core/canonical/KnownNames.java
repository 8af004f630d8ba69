package dev.terraseal.core.canonical;

import java.util.Arrays;

/**
 * Member names that were read before, so that the same few dozen are not made anew for every statement. A place is
 * overwritten by whatever comes next, and a race costs a name made twice: what is in a place never changes and is whole wherever it is seen.
 */
final class KnownNames {
    private static final int PLACES = 1024;
    private static final int LENGTH_MAX = 32;
    private static final Known[] NAMES = new Known[PLACES];

    private KnownNames() {}

    /** The name in {@code text[from, to)}, which {@code source} can read if it is not known. */
    static String of(byte[] text, int from, int to, Source source) {
        int length = to - from;
        if (length > LENGTH_MAX) {
            return source.text();
        }
        int hash = length;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text[i];
        }
        int place = (hash ^ hash >>> 16) & PLACES - 1;
        Known known = NAMES[place];
        if (known != null && known.isAt(text, from, length)) {
            return known.name;
        }
        String read = source.text();
        NAMES[place] = new Known(Arrays.copyOfRange(text, from, to), read);
        return read;
    }

    /** A name and the bytes it was read from: the same bytes are the same name. No record, for that is a method handle. */
    private static final class Known {
        final byte[] source;
        final String name;

        Known(byte[] source, String name) {
            this.source = source;
            this.name = name;
        }

        /** By hand: of so few bytes {@link Arrays#equals} takes longer. */
        boolean isAt(byte[] text, int from, int length) {
            byte[] own = source;
            if (own.length != length) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                if (own[i] != text[from + i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
