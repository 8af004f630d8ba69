package dev.terraseal.core.canonical;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Excerpt;

/**
 * Reads a JSON text that must be its own canonical form (RFC 8785 as {@link Json} narrows it): a strict scan and no
 * re-serialising. Whitespace, other escapes than the shortest, unsorted or duplicate members, null, fractions,
 * exponents, {@code -0}, numbers beyond ±(2^53 − 1), malformed UTF-8, escaped lone surrogates, trailing bytes and more
 * than 64 levels are refused with the position.
 */
public final class CanonicalJson {
    public static final int DEPTH_MAX = 64;

    private final byte[] text;
    private final Places places;
    private int at;
    /** Whether the string that was passed last is written without escapes, in ASCII. */
    private boolean plain;

    private CanonicalJson(byte[] text) {
        this.text = text;
        this.places = new Places(text);
    }

    public static Json parse(Bytes canonical) {
        CanonicalJson parser = new CanonicalJson(canonical.toByteArray());
        parser.value(0);
        if (parser.at != parser.text.length) {
            throw JsonException.at(parser.at, "bytes after the end of the value");
        }
        return parser.places.value(0);
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

    private void value(int depth) {
        if (depth > DEPTH_MAX) {
            throw JsonException.at(at, "more than " + DEPTH_MAX + " levels");
        }
        byte first = peek();
        int value = places.begin(at);
        switch (first) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> throw JsonException.at(at, "null, which is never written: leave the member out");
            default -> number();
        }
        places.end(value, at);
    }

    private void object(int depth) {
        at++;
        if (peek() == '}') {
            at++;
            return;
        }
        int before = -1;
        boolean plainBefore = true;
        while (true) {
            int name = at;
            if (peek() != '"') {
                throw JsonException.at(at, "expected a member name");
            }
            string();
            if (before >= 0) {
                requireOrder(before, name, plain && plainBefore);
            }
            before = name;
            plainBefore = plain;
            expect(':', "':'");
            value(depth + 1);
            byte next = peek();
            at++;
            if (next == '}') {
                return;
            }
            if (next != ',') {
                throw JsonException.at(at - 1, "expected ',' or '}'");
            }
        }
    }

    /** Of two names that follow one another the first is the smaller one, by UTF-16 code units. */
    private void requireOrder(int before, int name, boolean bothPlain) {
        int i = 1;
        while (bothPlain && text[before + i] == text[name + i] && text[before + i] != '"') {
            i++;
        }
        byte mine = text[before + i];
        byte theirs = text[name + i];
        // A name that ends comes before what goes on.
        if (bothPlain && theirs != '"' && (mine == '"' || mine < theirs)) {
            return;
        }
        String first = nameAt(before);
        String second = nameAt(name);
        if (first.compareTo(second) >= 0) {
            throw JsonException.at(
                    name,
                    first.equals(second) ? "member '" + Excerpt.of(second, 40) + "' twice" : "members out of order");
        }
    }

    private String nameAt(int begin) {
        int end = begin + 1;
        while (text[end] != '"') {
            end += text[end] == '\\' ? 2 : 1;
        }
        return places.string(begin + 1, end);
    }

    private void array(int depth) {
        at++;
        if (peek() == ']') {
            at++;
            return;
        }
        while (true) {
            value(depth + 1);
            byte next = peek();
            at++;
            if (next == ']') {
                return;
            }
            if (next != ',') {
                throw JsonException.at(at - 1, "expected ',' or ']'");
            }
        }
    }

    /** Passes over one string, which is well formed and in canonical form. */
    private void string() {
        at++;
        boolean ascii = true;
        while (true) {
            skipPlain();
            byte b = peek();
            if (b == '"') {
                at++;
                plain = ascii;
                return;
            }
            ascii = false;
            if (b == '\\') {
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

    private void number() {
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
}
