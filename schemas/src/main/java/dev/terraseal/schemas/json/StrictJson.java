package dev.terraseal.schemas.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.core.statement.Statement;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads JSON values that can be written canonically and lose nothing by it. What cannot is reported and stands as
 * {@link #REFUSED}, so that the rest of the event is still looked at.
 *
 * <p>The text must have been found well-formed UTF-8 before: Jackson's reader takes overlong forms and skips a byte order
 * mark.
 */
final class StrictJson {
    /** Stands where a value was refused and has been reported; compared by identity. */
    static final Json REFUSED = new Json.Str("refused");

    static final JsonFactory FACTORY = JsonFactory.builder()
            // Bytes are UTF-8, never guessed to be UTF-16; names come from outside and must not fill the intern table.
            .configure(JsonFactory.Feature.CHARSET_DETECTION, false)
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .build();

    private static final BigInteger NUMBER_MAX = BigInteger.valueOf((1L << 53) - 1);

    /** A statement's text has a byte for each value at least and one between two, so no event has more. */
    static final int VALUES_MAX = Statement.BYTES_MAX / 2;

    private final JsonParser parser;
    private final Problems problems;
    private int values;

    StrictJson(JsonParser parser, Problems problems) {
        this.parser = parser;
        this.problems = problems;
    }

    /** The value at the parser's current token; afterwards the parser stands on its last token. */
    Json value(String pointer, int depth) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new JsonException("the text ends where a value should be");
        }
        if (++values > VALUES_MAX) {
            parser.skipChildren();
            return values > VALUES_MAX + 1
                    ? REFUSED
                    : refused(
                            pointer,
                            RejectionReason.TOO_LARGE,
                            "more than " + VALUES_MAX
                                    + " values, which no statement holds; attach them as a file instead");
        }
        if (depth > CanonicalJson.DEPTH_MAX) {
            parser.skipChildren();
            return refused(pointer, RejectionReason.TOO_DEEP, "more than 64 levels; attach it as a file instead");
        }
        return switch (token) {
            case START_OBJECT -> object(pointer, depth);
            case START_ARRAY -> array(pointer, depth);
            case VALUE_STRING -> text(pointer);
            case VALUE_NUMBER_INT -> number(pointer);
            case VALUE_NUMBER_FLOAT ->
                refused(
                        pointer,
                        RejectionReason.BAD_NUMBER,
                        "a fraction or exponent has no one text on all platforms; write an integer, or a string");
            case VALUE_TRUE, VALUE_FALSE -> new Json.Bool(token == JsonToken.VALUE_TRUE);
            case VALUE_NULL ->
                refused(pointer, RejectionReason.BAD_VALUE, "null is never written; leave the member out");
            default -> throw new JsonException("not a JSON value: " + token);
        };
    }

    /** Whether there were too many values: those that still come are only passed over, for each costs fifty times its text. */
    boolean isFull() {
        return values > VALUES_MAX;
    }

    private Json object(String pointer, int depth) throws IOException {
        Map<String, Json> members = new TreeMap<>();
        Set<String> twice = new HashSet<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            String at = Problems.pointer(pointer, name);
            parser.nextToken();
            Json value = value(at, depth + 1);
            if (isFull()) {
                continue;
            }
            if (hasLoneSurrogate(name)) {
                problems.add(
                        pointer, RejectionReason.BAD_TEXT, "a member name with a lone surrogate has no UTF-8 form");
            } else if (members.put(name, value) != null && twice.add(name)) {
                problems.add(at, RejectionReason.BAD_VALUE, "this member is there twice; keep one");
            }
        }
        return new Json.Obj(members);
    }

    private Json array(String pointer, int depth) throws IOException {
        List<Json> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Json item = value(pointer + "/" + items.size(), depth + 1);
            if (!isFull()) {
                items.add(item);
            }
        }
        return new Json.Arr(items);
    }

    private Json text(String pointer) throws IOException {
        String text = parser.getText();
        if (hasLoneSurrogate(text)) {
            return refused(
                    pointer,
                    RejectionReason.BAD_TEXT,
                    "a lone surrogate has no UTF-8 form; send the bytes as base64 in recorded/v1, or repair the text");
        }
        return new Json.Str(text);
    }

    private Json number(String pointer) throws IOException {
        String text = parser.getText();
        boolean minusZero = text.equals("-0");
        if (minusZero || text.length() > 17 || new BigInteger(text).abs().compareTo(NUMBER_MAX) > 0) {
            return refused(
                    pointer,
                    RejectionReason.BAD_NUMBER,
                    minusZero
                            ? "-0 is no integer of its own; write 0"
                            : "the number lies outside ±(2^53 − 1), where JSON readers round; write it as a string");
        }
        return new Json.Num(Long.parseLong(text));
    }

    private Json refused(String pointer, RejectionReason reason, String message) {
        problems.add(pointer, reason, message);
        return REFUSED;
    }

    static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }
}
