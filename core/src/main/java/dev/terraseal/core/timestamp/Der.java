package dev.terraseal.core.timestamp;

import dev.terraseal.core.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * DER, read strictly: one-byte tags, definite lengths in their shortest form, nothing behind the end. What is BER only is
 * refused, so that two readers never read two things.
 */
final class Der {
    static final int BOOLEAN = 0x01;
    static final int INTEGER = 0x02;
    static final int OCTETS = 0x04;
    static final int OBJECT = 0x06;
    static final int TIME = 0x18;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;
    /** Constructed, context-specific. */
    static final int CONTEXT_0 = 0xa0;

    static final int CONTEXT_1 = 0xa1;
    private final Bytes bytes;
    private int at;

    Der(Bytes bytes) {
        this.bytes = bytes;
    }

    boolean hasMore() {
        return at < bytes.length();
    }

    /** The tag of the next element, −1 at the end. */
    int tag() {
        return hasMore() ? bytes.at(at) & 0xff : -1;
    }

    /** The next element whole, with tag and length. */
    Bytes element(int tag, String what) throws TokenException {
        int from = at;
        read(tag, what);
        return bytes.slice(from, at);
    }

    /** The content of the next element, which must have this tag. */
    Bytes read(int tag, String what) throws TokenException {
        if (tag() != tag) {
            throw wrong("no " + what);
        }
        int header = at + 1;
        if (header >= bytes.length()) {
            throw wrong(what + " ends early");
        }
        int length = bytes.at(header++) & 0xff;
        if (length > 0x83 || length == 0x80) {
            throw wrong("the length of " + what + " is indefinite or too large");
        }
        if (length > 0x80) {
            int count = length & 0x7f;
            length = 0;
            for (int i = 0; i < count; i++, header++) {
                if (header >= bytes.length()) {
                    throw wrong(what + " ends early");
                }
                length = length << 8 | bytes.at(header) & 0xff;
            }
            if (length < 0x80 || count > 1 && length >> 8 * (count - 1) == 0) {
                throw wrong("the length of " + what + " is not in its shortest form");
            }
        }
        if (length > bytes.length() - header) {
            throw wrong(what + " ends early");
        }
        at = header + length;
        return bytes.slice(header, at);
    }

    Der enter(int tag, String what) throws TokenException {
        return new Der(read(tag, what));
    }

    /** The content of the next element if it has this tag, else null. */
    @Nullable Bytes optional(int tag, String what) throws TokenException {
        return tag() == tag ? read(tag, what) : null;
    }

    /** An OBJECT IDENTIFIER in dotted form. */
    String object(String what) throws TokenException {
        Bytes content = read(OBJECT, what);
        if (content.isEmpty() || content.length() > 64 || (content.at(content.length() - 1) & 0x80) != 0) {
            throw wrong(what + " is no object identifier");
        }
        StringBuilder out = new StringBuilder();
        long arc = 0;
        boolean begins = true;
        for (int i = 0; i < content.length(); i++) {
            int octet = content.at(i) & 0xff;
            if (begins && octet == 0x80 || arc > Integer.MAX_VALUE) {
                throw wrong(what + " has an arc that is too large or not in its shortest form");
            }
            arc = arc << 7 | octet & 0x7f;
            begins = (octet & 0x80) == 0;
            if (begins) {
                if (out.length() == 0) {
                    long first = Math.min(2, arc / 40);
                    out.append(first).append('.').append(arc - 40 * first);
                } else {
                    out.append('.').append(arc);
                }
                arc = 0;
            }
        }
        return out.toString();
    }

    /** The bytes of an INTEGER in their shortest form. */
    Bytes integer(String what) throws TokenException {
        Bytes content = read(INTEGER, what);
        boolean spare = content.length() > 1
                && (content.at(0) == 0 && content.at(1) >= 0 || content.at(0) == -1 && content.at(1) < 0);
        if (content.isEmpty() || spare) {
            throw wrong(what + " is no integer in its shortest form");
        }
        return content;
    }

    /** An INTEGER from 0 to 127. */
    int small(String what) throws TokenException {
        Bytes content = integer(what);
        if (content.length() != 1 || content.at(0) < 0) {
            throw wrong(what + " is not between 0 and 127");
        }
        return content.at(0);
    }

    void end(String what) throws TokenException {
        if (hasMore()) {
            throw wrong("bytes behind the end of " + what);
        }
    }

    private TokenException wrong(String why) {
        return new TokenException("not DER as RFC 3161 has it: " + why + " (at byte " + at + ")");
    }
}
