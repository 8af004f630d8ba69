package dev.terraseal.verifier.trust;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON as people write it: spaces between values, members in any order. Everything else is as strict as in the JSON we
 * write ourselves; strings, numbers and words are read by the canonical reader.
 */
final class HandWrittenJson {
    private static final int BYTES_MAX = 1 << 20;

    private final String text;
    private int at;

    private HandWrittenJson(String text) {
        this.text = text;
    }

    static Json.Obj parseObject(Bytes bytes) {
        if (bytes.length() > BYTES_MAX) {
            throw new JsonException("it has more than " + BYTES_MAX + " bytes");
        }
        HandWrittenJson reader = new HandWrittenJson(bytes.utf8());
        Json value = reader.value(0);
        reader.space();
        if (reader.at != reader.text.length()) {
            throw reader.wrong("something follows the end");
        }
        if (!(value instanceof Json.Obj object)) {
            throw new JsonException("it is " + value.kind() + ", not an object");
        }
        return object;
    }

    private Json value(int depth) {
        space();
        if (depth > CanonicalJson.DEPTH_MAX) {
            throw wrong("nested too deeply");
        }
        char c = peek();
        if (c == '{') {
            return object(depth);
        }
        if (c == '[') {
            return array(depth);
        }
        int from = at;
        if (c == '"') {
            skipString();
        } else {
            while (at < text.length() && "{}[]:, \t\r\n\"".indexOf(text.charAt(at)) < 0) {
                at++;
            }
        }
        try {
            return CanonicalJson.parse(Bytes.utf8(text.substring(from, at)));
        } catch (JsonException inside) {
            throw new JsonException("at character " + from + ": " + inside.getMessage());
        }
    }

    private Json object(int depth) {
        Json.Builder out = Json.obj();
        at++;
        space();
        if (peek() == '}') {
            at++;
            return out.build();
        }
        while (true) {
            if (!(value(depth + 1) instanceof Json.Str name)) {
                throw wrong("a member has no name");
            }
            space();
            expect(':');
            out.put(name.value(), value(depth + 1));
            space();
            if (peek() == '}') {
                at++;
                return out.build();
            }
            expect(',');
        }
    }

    private Json array(int depth) {
        List<Json> items = new ArrayList<>();
        at++;
        space();
        if (peek() == ']') {
            at++;
            return Json.arr(items);
        }
        while (true) {
            items.add(value(depth + 1));
            space();
            if (peek() == ']') {
                at++;
                return Json.arr(items);
            }
            expect(',');
        }
    }

    private void skipString() {
        at++;
        while (peek() != '"') {
            at += peek() == '\\' ? 2 : 1;
        }
        at++;
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong("it ends too early");
        }
        return text.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw wrong("'" + c + "' is missing");
        }
        at++;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private JsonException wrong(String what) {
        return new JsonException(what + " at character " + at);
    }
}
