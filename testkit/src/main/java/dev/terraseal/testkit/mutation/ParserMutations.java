package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.testkit.log.BundleBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON, base64 and text that two parsers could read in two ways, sealed again with the real export key. */
final class ParserMutations {
    private final Draft draft;
    private final BundleBytes whole;

    private ParserMutations(Draft draft) {
        this.draft = draft;
        this.whole = draft.bundle();
    }

    static void add(Draft draft) {
        ParserMutations mutations = new ParserMutations(draft);
        for (String name : mutations.whole.names()) {
            Expected expected = expected(name);
            if (expected != null) {
                // Inside a statement's body base64 and numbers are what a producer wrote: any canonical text will do.
                variants(mutations.whole.get(name), !name.contains("artifacts/"))
                        .forEach((what, content) ->
                                draft.resealed(what + " in " + name, mutations.whole.with(name, content), expected));
            }
        }
        mutations.checkpoint();
        mutations.sums();
    }

    private static @Nullable Expected expected(String name) {
        if (name.startsWith("artifacts/")) {
            return Expected.refused("chain", "malformed");
        }
        if (name.startsWith("key-events/")) {
            return Expected.refused("key-events", "malformed", "not-included");
        }
        return switch (name) {
            case "log.json", "manifest.json" -> Expected.refused("declaration", "malformed");
            case "signatures.jsonl", "batches.jsonl" -> Expected.refused("signatures", "malformed");
            case "proofs/range.json" -> Expected.refused("inclusion", "not-included");
            case "proofs/entries.jsonl" -> Expected.refused("inclusion", "malformed");
            case "proofs/stream.json" -> Expected.refused("stream-heads", "bad-heads");
            default -> null;
        };
    }

    /** Every wrong way to write a file of canonical JSON; names say what, and what does not apply is left out. */
    private static Map<String, Bytes> variants(Bytes content, boolean typed) {
        String text = new String(content.toByteArray(), StandardCharsets.ISO_8859_1);
        int body = text.indexOf("\":") + 2;
        String first = text.substring(1, body);
        Map<String, String> out = new LinkedHashMap<>();
        out.put("a member twice", "{" + first + "1," + text.substring(1));
        out.put("an unknown member", "{\"!\":1," + text.substring(1));
        out.put("a null", "{\"!\":null," + text.substring(1));
        out.put("a space", "{ " + text.substring(1));
        out.put("a space after a colon", text.substring(0, body) + " " + text.substring(body));
        out.put("a tab", "{\t" + text.substring(1));
        out.put("a comment", "{/**/" + text.substring(1));
        out.put("a byte order mark", "\u00ef\u00bb\u00bf" + text);
        out.put("CRLF inside", "{\r\n" + text.substring(1));
        out.put("a byte that is no UTF-8", "{\"\u00ff\":1," + text.substring(1));
        out.put("overlong UTF-8", "{\"\u00c0\u00a1\":1," + text.substring(1));
        out.put("a surrogate in UTF-8", "{\"\u00ed\u00a0\u0080\":1," + text.substring(1));
        out.put("an escaped lone surrogate", "{\"\\ud800\":1," + text.substring(1));
        out.put(
                "an escaped letter",
                "{\"\\u" + "00" + hex(first.charAt(1)) + first.substring(2) + text.substring(body));
        out.put("an escaped slash", "{\"\\/\":1," + text.substring(1));
        out.put("a raw control character", "{\"\u0001\":1," + text.substring(1));
        out.put("a name without quotes", "{" + first.replace("\"", "") + text.substring(body));
        out.put("single quotes", "{" + first.replace('"', '\'') + text.substring(body));
        out.put("an array around it", "[" + text.stripTrailing() + "]" + (text.endsWith("\n") ? "\n" : ""));
        out.put("nesting without end", "[".repeat(70) + text);
        out.put("a NUL in front", "\0" + text);
        out.put("bytes after the last brace", text.stripTrailing() + "}" + (text.endsWith("\n") ? "\n" : ""));
        numbers(text, out);
        if (typed) {
            base64(text, out);
        } else {
            out.keySet().removeIf(what -> what.startsWith("the number \""));
        }
        Map<String, Bytes> bytes = new LinkedHashMap<>();
        out.forEach((what, broken) -> {
            if (!broken.equals(text)) {
                bytes.put(what, Bytes.wrap(broken.getBytes(StandardCharsets.ISO_8859_1)));
            }
        });
        return bytes;
    }

    private static String hex(char letter) {
        return Integer.toHexString(letter);
    }

    private static void numbers(String text, Map<String, String> out) {
        int at = -1;
        for (int i = text.indexOf(':'); i > 0 && at < 0; i = text.indexOf(':', i + 1)) {
            boolean member = text.charAt(i - 1) == '"' && i + 1 < text.length();
            at = member && Character.isDigit(text.charAt(i + 1)) ? i + 1 : -1;
        }
        if (at < 0) {
            return;
        }
        int end = at;
        while (Character.isDigit(text.charAt(end))) {
            end++;
        }
        String number = text.substring(at, end);
        for (String wrong : List.of(
                "0" + number,
                "-0",
                number + ".0",
                number + "e0",
                "+" + number,
                "0x" + number,
                "9007199254740993",
                "18446744073709551616",
                "-" + "9007199254740993",
                "NaN",
                "true1",
                number + "n",
                "\"" + number + "\"")) {
            out.put("the number " + wrong, text.substring(0, at) + wrong + text.substring(end));
        }
    }

    /** Only where the first base64 text is one: a value of at least 40 characters of its alphabet. */
    private static void base64(String text, Map<String, String> out) {
        var found = java.util.regex.Pattern.compile("\"([A-Za-z0-9+/]{41,}={0,2})\"")
                .matcher(text);
        while (found.find()) {
            String value = found.group(1);
            if (value.length() % 4 != 0 || value.matches("[0-9a-f]+")) {
                continue;
            }
            List<String> wrong = new ArrayList<>();
            wrong.add(value.replace("=", "") + (value.endsWith("=") ? "" : "="));
            wrong.add(value.substring(0, 20) + " " + value.substring(20));
            wrong.add(value.substring(0, 20) + "\\n" + value.substring(20));
            wrong.add(value.replace('+', '-').replace('/', '_'));
            if (value.endsWith("=")) {
                wrong.add(spare(value));
            }
            for (int i = 0; i < wrong.size(); i++) {
                out.put(
                        "base64 variant " + i,
                        text.substring(0, found.start(1)) + wrong.get(i) + text.substring(found.end(1)));
            }
            return;
        }
    }

    /** The same bytes with a spare bit set in the last character. */
    private static String spare(String value) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        int at = value.indexOf('=') - 1;
        char other = alphabet.charAt(alphabet.indexOf(value.charAt(at)) ^ 1);
        return value.substring(0, at) + other + value.substring(at + 1);
    }

    private void checkpoint() {
        Expected refused = Expected.refused("checkpoint", "bad-checkpoint", "malformed");
        String text = whole.text("checkpoint");
        String[] lines = text.split("\n", -1);
        Map<String, String> out = new LinkedHashMap<>();
        out.put("CRLF", text.replace("\n", "\r\n"));
        out.put("a byte order mark", "\ufeff" + text);
        out.put("no last newline", text.substring(0, text.length() - 1));
        out.put("an empty line more", text + "\n");
        out.put("a leading zero of the size", text.replace("\n" + lines[1] + "\n", "\n0" + lines[1] + "\n"));
        out.put("a plus sign", text.replace("\n" + lines[1] + "\n", "\n+" + lines[1] + "\n"));
        out.put("a size beyond 64 bits", text.replace("\n" + lines[1] + "\n", "\n18446744073709551616\n"));
        out.put("a root without padding", text.replace(lines[2], lines[2].replace("=", "")));
        out.put("an extension line", text.replace("\n\n", "\nextension\n\n"));
        out.put("a hyphen for the dash", text.replace("\u2014", "-"));
        out.put("two spaces", text.replace("\u2014 ", "\u2014  "));
        out.forEach(
                (what, broken) -> draft.resealed(what + " in checkpoint", whole.with("checkpoint", broken), refused));
    }

    private void sums() {
        Expected refused = Expected.refused("file-hashes", "malformed", "stranger");
        String text = whole.text("SHA256SUMS");
        List<String> lines = whole.lines("SHA256SUMS");
        String first = lines.get(0);
        Map<String, String> out = new LinkedHashMap<>();
        out.put("CRLF", text.replace("\n", "\r\n"));
        out.put("a byte order mark", "\ufeff" + text);
        out.put("no last newline", text.substring(0, text.length() - 1));
        out.put("an empty line", "\n" + text);
        out.put("a comment", "# sums\n" + text);
        out.put("the binary mark", text.replaceFirst("  ", " *"));
        out.put("one space", text.replaceFirst("  ", " "));
        out.put("upper-case hex", first.substring(0, 64).toUpperCase(java.util.Locale.ROOT) + text.substring(64));
        out.put("a name twice", first + "\n" + text);
        out.put(
                "a wrong order of names",
                lines.get(1) + "\n" + first
                        + text.substring(first.length() + lines.get(1).length() + 1));
        out.put("./ before a name", text.replaceFirst("  ", "  ./"));
        out.put("a name that climbs", text.replaceFirst("  ", "  ../"));
        out.put("a backslash before a digest", "\\" + text);
        out.put("itself", text + "0".repeat(64) + "  SHA256SUMS\n");
        out.put("a line of 2,000 bytes", "a".repeat(2000) + "\n" + text);
        out.forEach((what, broken) -> draft.signedSums(what + " in SHA256SUMS", Bytes.utf8(broken), refused));
        draft.signedSums(
                "a file more in SHA256SUMS",
                Bytes.utf8(text + "0".repeat(64) + "  zzz\n"),
                Expected.refused("file-hashes", "missing-file"));
        draft.signedSums(
                "a file less in SHA256SUMS",
                Bytes.utf8(text.substring(first.length() + 1)),
                Expected.refused("file-hashes", "stranger"));
        draft.signedSums("an empty SHA256SUMS", Bytes.EMPTY, Expected.refused("file-hashes", "stranger"));
    }
}
