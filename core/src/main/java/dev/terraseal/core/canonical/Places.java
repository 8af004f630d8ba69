package dev.terraseal.core.canonical;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where every value of a canonical text stands. A value becomes an object when somebody asks for it, and writing it again
 * is copying its bytes. The text has no spaces, so names need no place of their own: each begins two bytes after its object
 * does or the value before it ends, and ends two bytes before its value. The text is the parser's own and never changes.
 */
final class Places {
    private static final int NUMBERS = 3;

    private final byte[] text;
    /** Of each value, in the order of the text: where it begins, where it ends, and which value comes after all within it. */
    private int[] places;

    private int count;

    Places(byte[] text) {
        this.text = text;
        this.places = new int[NUMBERS * (8 + text.length / 16)];
    }

    /** A value begins; returns its number for {@link #end}. */
    int begin(int from) {
        int at = NUMBERS * count;
        if (at == places.length) {
            places = Arrays.copyOf(places, 2 * at);
        }
        places[at] = from;
        return count++;
    }

    /** The value, and everything in it, has been read. */
    void end(int value, int to) {
        places[NUMBERS * value + 1] = to;
        places[NUMBERS * value + 2] = count;
    }

    private int from(int value) {
        return places[NUMBERS * value];
    }

    private int to(int value) {
        return places[NUMBERS * value + 1];
    }

    private int after(int value) {
        return places[NUMBERS * value + 2];
    }

    Json value(int value) {
        return switch (text[from(value)]) {
            case '{' -> new Json.Obj(this, value);
            case '[' -> new Json.Arr(this, value);
            case '"' -> new Json.Str(this, value);
            case 't' -> new Json.Bool(true);
            case 'f' -> new Json.Bool(false);
            default -> new Json.Num(number(value));
        };
    }

    private long number(int value) {
        int from = from(value);
        boolean negative = text[from] == '-';
        long number = 0;
        for (int i = negative ? from + 1 : from; i < to(value); i++) {
            number = number * 10 + (text[i] - '0');
        }
        return negative ? -number : number;
    }

    /** The text of a string. */
    String string(int value) {
        return string(from(value) + 1, to(value) - 1);
    }

    Digest hexDigest(int value) {
        return Digest.fromHex(text, from(value) + 1, to(value) - 1);
    }

    Digest base64Digest(int value) {
        return Digest.fromBase64(text, from(value) + 1, to(value) - 1);
    }

    /** The text between the quotes of a string that was found well formed. */
    String string(int from, int to) {
        int escape = from;
        while (escape < to && text[escape] != '\\') {
            escape++;
        }
        if (escape == to) {
            return new String(text, from, to - from, StandardCharsets.UTF_8);
        }
        StringBuilder out = new StringBuilder(to - from);
        int at = from;
        while (at < to) {
            if (text[at] == '\\') {
                out.append(escaped(at));
                at += text[at + 1] == 'u' ? 6 : 2;
            } else {
                int run = at;
                while (at < to && text[at] != '\\') {
                    at++;
                }
                out.append(new String(text, run, at - run, StandardCharsets.UTF_8));
            }
        }
        return out.toString();
    }

    private char escaped(int at) {
        byte b = text[at + 1];
        return switch (b) {
            case 'b' -> '\b';
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'f' -> '\f';
            case 'r' -> '\r';
            // Only control characters are written so: two zeros and two digits.
            case 'u' -> (char) (Character.digit(text[at + 4], 16) << 4 | Character.digit(text[at + 5], 16));
            default -> (char) b;
        };
    }

    /** The member of an object whose name is the first {@code length} characters of {@code name}, or null. */
    @Nullable Json member(int object, String name, int length) {
        int found = find(object, name, length);
        return found < 0 ? null : value(found);
    }

    boolean has(int object, String name, int length) {
        return find(object, name, length) >= 0;
    }

    private int find(int object, String name, int length) {
        int end = after(object);
        int begin = from(object) + 2;
        for (int value = object + 1; value < end; value = after(value)) {
            if (isNamed(begin, from(value) - 2, name, length)) {
                return value;
            }
            begin = to(value) + 2;
        }
        return -1;
    }

    /** Whether the members of an object are those of {@code wanted}, in this order; one ending in {@code ?} may be absent. */
    boolean hasOnly(int object, String... wanted) {
        int next = 0;
        int begin = from(object) + 2;
        for (int value = object + 1; value < after(object); value = after(value)) {
            while (next < wanted.length && !isNamed(begin, from(value) - 2, wanted[next], plainLength(wanted[next]))) {
                if (!PlainMembers.isOptional(wanted[next++])) {
                    return false;
                }
            }
            if (next++ == wanted.length) {
                return false;
            }
            begin = to(value) + 2;
        }
        while (next < wanted.length && PlainMembers.isOptional(wanted[next])) {
            next++;
        }
        return next == wanted.length;
    }

    private static int plainLength(String name) {
        return PlainMembers.isOptional(name) ? name.length() - 1 : name.length();
    }

    private boolean isNamed(int from, int to, String name, int length) {
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            if (!isPlain(c)) {
                return string(from, to).equals(name.substring(0, length));
            }
            if (from + i == to || text[from + i] != c) {
                return false;
            }
        }
        return from + length == to;
    }

    /** Whether a character is never written in another way. */
    private static boolean isPlain(char c) {
        return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
    }

    /** The members of an object, in the order of their names. */
    Map<String, Json> members(int object) {
        TreeMap<String, Json> members = new TreeMap<>();
        int begin = from(object) + 2;
        for (int value = object + 1; value < after(object); value = after(value)) {
            members.put(string(begin, from(value) - 2), value(value));
            begin = to(value) + 2;
        }
        return members;
    }

    /** How many values stand directly in an object or array. */
    int size(int container) {
        int size = 0;
        for (int value = container + 1; value < after(container); value = after(value)) {
            size++;
        }
        return size;
    }

    List<Json> items(int array) {
        List<Json> items = new ArrayList<>();
        for (int value = array + 1; value < after(array); value = after(value)) {
            items.add(value(value));
        }
        return items;
    }

    void writeTo(int value, CanonicalBuffer out) {
        out.raw(text, from(value), to(value));
    }

    void update(int value, MessageDigest digest) {
        digest.update(text, from(value), to(value) - from(value));
    }

    Bytes bytes(int value) {
        return Bytes.copyOf(text, from(value), to(value));
    }

    /** Whether both are the same text, which in this form means the same value. */
    boolean isSame(int value, Places other, int there) {
        return Arrays.equals(text, from(value), to(value), other.text, other.from(there), other.to(there));
    }
}
