package dev.terraseal.core.canonical;

import dev.terraseal.core.bytes.Bytes;
import java.util.Arrays;

/**
 * Reads a JSON text that must be its own canonical form (RFC 8785 as {@link Json} narrows it): a strict scan and no
 * re-serialising. Whitespace, other escapes than the shortest, unsorted or duplicate members, null, fractions,
 * exponents, {@code -0}, numbers beyond ±(2^53 − 1), malformed UTF-8, escaped lone surrogates, trailing bytes and more
 * than 64 levels are refused with the position.
 */
public final class CanonicalJson {
    public static final int DEPTH_MAX = 64;

    private final byte[] text;
    private int at;
    /** Values, and the names of those that are members, of all objects and arrays that are still open. */
    private Json[] values = new Json[64];

    private String[] names = new String[64];
    private int open;

    private CanonicalJson(byte[] text) {
        this.text = text;
    }

    public static Json parse(Bytes canonical) {
        CanonicalJson parser = new CanonicalJson(canonical.toByteArray());
        Json value = parser.value(0);
        if (parser.at != parser.text.length) {
            throw JsonException.at(parser.at, "bytes after the end of the value");
        }
        return value;
    }

    public static Json.Obj parseObject(Bytes canonical) {
        if (parse(canonical) instanceof Json.Obj object) {
            return object;
        }
        throw new JsonException("the text is not a JSON object");
    }

    /** Refuses what {@link #parse} refuses. */
    public static void check(Bytes canonical) {
        parse(canonical);
    }

    private Json value(int depth) {
        if (depth > DEPTH_MAX) {
            throw JsonException.at(at, "more than " + DEPTH_MAX + " levels");
        }
        byte b = peek();
        return switch (b) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> new Json.Str(string());
            case 't' -> {
                literal("true");
                yield new Json.Bool(true);
            }
            case 'f' -> {
                literal("false");
                yield new Json.Bool(false);
            }
            case 'n' -> throw JsonException.at(at, "null, which is never written: leave the member out");
            default -> new Json.Num(number());
        };
    }

    private Json object(int depth) {
        int begin = at;
        int first = open;
        at++;
        if (peek() == '}') {
            at++;
            return new Json.Obj(new Source(text, begin, at, true), new Members(new String[0], new Json[0]));
        }
        String before = null;
        while (true) {
            int place = at;
            if (peek() != '"') {
                throw JsonException.at(at, "expected a member name");
            }
            String name = name();
            if (before != null && before.compareTo(name) >= 0) {
                throw JsonException.at(
                        place, before.equals(name) ? "member '" + shown(name) + "' twice" : "members out of order");
            }
            before = name;
            expect(':', "':'");
            push(name, value(depth + 1));
            byte next = peek();
            at++;
            if (next == '}') {
                Members members =
                        new Members(Arrays.copyOfRange(names, first, open), Arrays.copyOfRange(values, first, open));
                open = first;
                return new Json.Obj(new Source(text, begin, at, true), members);
            }
            if (next != ',') {
                throw JsonException.at(at - 1, "expected ',' or '}'");
            }
        }
    }

    private Json array(int depth) {
        int begin = at;
        int first = open;
        at++;
        if (peek() == ']') {
            at++;
            return new Json.Arr(new Source(text, begin, at, true), new Json[0]);
        }
        while (true) {
            push("", value(depth + 1));
            byte next = peek();
            at++;
            if (next == ']') {
                Json[] items = Arrays.copyOfRange(values, first, open);
                open = first;
                return new Json.Arr(new Source(text, begin, at, true), items);
            }
            if (next != ',') {
                throw JsonException.at(at - 1, "expected ',' or ']'");
            }
        }
    }

    private void push(String name, Json value) {
        if (open == values.length) {
            values = Arrays.copyOf(values, 2 * open);
            names = Arrays.copyOf(names, 2 * open);
        }
        names[open] = name;
        values[open++] = value;
    }

    private String name() {
        int begin = at;
        Source name = string();
        return KnownNames.of(text, begin + 1, at - 1, name);
    }

    /** Passes over one string, which is well formed and in canonical form. */
    private Source string() {
        int begin = at;
        at++;
        boolean plain = true;
        while (true) {
            skipPlain();
            byte b = peek();
            if (b == '"') {
                at++;
                return new Source(text, begin, at, plain);
            } else if (b == '\\') {
                plain = false;
                escape();
            } else if (b >= 0) {
                throw JsonException.at(at, "a control character that is not escaped");
            } else {
                int width = Utf8.width(text, at, text.length);
                if (width == 0) {
                    throw JsonException.at(at, "not well-formed UTF-8");
                }
                at += width;
            }
        }
    }

    /** Nearly all text is plain ASCII. */
    private void skipPlain() {
        byte[] in = text;
        int to = at;
        while (to < in.length && in[to] >= 0x20 && in[to] != '"' && in[to] != '\\') {
            to++;
        }
        at = to;
    }

    private void escape() {
        int begin = at;
        at++;
        byte b = peek();
        at++;
        switch (b) {
            case '"', '\\', 'b', 't', 'n', 'f', 'r' -> {}
            case 'u' -> unicodeEscape(begin);
            default -> throw JsonException.at(begin, "an escape that is not canonical");
        }
    }

    /** Only control characters without a short form are written as four hex digits, lower case. */
    private void unicodeEscape(int begin) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            byte b = peek();
            at++;
            int digit = b >= '0' && b <= '9' ? b - '0' : b >= 'a' && b <= 'f' ? b - 'a' + 10 : -1;
            if (digit < 0) {
                throw JsonException.at(begin, "an escape that is not canonical");
            }
            value = value << 4 | digit;
        }
        boolean hasShortForm = value >= 8 && value <= 13 && value != 11;
        if (value >= 0x20 || hasShortForm) {
            throw JsonException.at(begin, "an escape that is not canonical");
        }
    }

    private long number() {
        int begin = at;
        boolean negative = peek() == '-';
        if (negative) {
            at++;
        }
        int digits = at;
        long value = 0;
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            if (at - digits >= 16) {
                throw JsonException.at(begin, "a number beyond ±(2^53 − 1)");
            }
            value = value * 10 + (text[at] - '0');
            at++;
        }
        int count = at - digits;
        boolean leadingZero = count > 1 && text[digits] == '0';
        boolean minusZero = negative && value == 0;
        boolean more = at < text.length && (text[at] == '.' || text[at] == 'e' || text[at] == 'E');
        if (count == 0) {
            throw JsonException.at(begin, "expected a value");
        }
        if (leadingZero || minusZero || more) {
            throw JsonException.at(begin, "a number that is not a canonical integer");
        }
        if (value > CanonicalBuffer.NUMBER_MAX) {
            throw JsonException.at(begin, "a number beyond ±(2^53 − 1)");
        }
        return negative ? -value : value;
    }

    private void literal(String word) {
        for (int i = 0; i < word.length(); i++) {
            expect(word.charAt(i), "'" + word + "'");
        }
    }

    private void expect(char wanted, String what) {
        if (peek() != wanted) {
            throw JsonException.at(at, "expected " + what);
        }
        at++;
    }

    private byte peek() {
        if (at >= text.length) {
            throw JsonException.at(at, "the text ends");
        }
        return text[at];
    }

    private static String shown(String name) {
        return name.length() <= 40 ? name : name.substring(0, 40) + "…";
    }
}
