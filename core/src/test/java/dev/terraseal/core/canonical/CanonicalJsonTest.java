package dev.terraseal.core.canonical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.terraseal.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1, \"b\":2}",
                " 1",
                "1 ",
                "{\"b\":1,\"a\":2}",
                "{\"a\":1,\"a\":2}",
                "null",
                "{\"a\":null}",
                "01",
                "-0",
                "1.0",
                "1e3",
                "1E3",
                "9007199254740992",
                "-9007199254740992",
                "12345678901234567890",
                "\"\\u0041\"",
                "\"\\u000A\"",
                "\"\\u000a\"",
                "\"\\/\"",
                "\"\\ud83d\\ude00\"",
                "\"\\ud800\"",
                "\"a\nb\"",
                "\"\\u001F\"",
                "[1,]",
                "[,1]",
                "{\"a\":}",
                "{\"a\"}",
                "{a:1}",
                "tru",
                "truex",
                "\"a",
                "[1",
                "{",
                "",
                "\ufeff1",
                "'a'",
                "NaN",
                "+1",
                ".5",
                "-",
                "[1]]"
            })
    void whateverIsNotItsOwnCanonicalFormIsRefused(String text) {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> CanonicalJson.parse(Bytes.utf8(text)))
                .withMessageContaining("byte");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"22c08022", "22eda08022", "22f490808022", "22e0808022", "22ff22", "22c222", "2280", "22f0808080"
            })
    void malformedUtf8IsRefused(String hex) {
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> CanonicalJson.parse(Bytes.fromHex(hex)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "9007199254740991",
                "-9007199254740991",
                "true",
                "false",
                "\"\"",
                "[]",
                "{}",
                "\"\\u0000\\u000b\\u001f\"",
                "\"\\b\\t\\n\\f\\r\\\"\\\\/\u007f\"",
                "{\"\":1,\"a\":[{},[],\"é\ud83d\ude00\"]}",
                "{\"\ud83d\ude00\":1,\"\ufb33\":2}"
            })
    void canonicalTextIsReadAndWrittenBackByteForByte(String text) {
        Bytes bytes = Bytes.utf8(text);
        assertThat(CanonicalJson.parse(bytes).bytes()).isEqualTo(bytes);
    }

    @Test
    void membersSortByUtf16CodeUnitsAsRfc8785Section323Shows() {
        Json.Obj obj = Json.obj()
                .put("\u20ac", "Euro Sign")
                .put("\r", "Carriage Return")
                .put("\ufb33", "Hebrew Letter Dalet With Dagesh")
                .put("1", "One")
                .put("\ud83d\ude00", "Emoji: Grinning Face")
                .put("\u0080", "Control")
                .put("\u00f6", "Latin Small Letter O With Diaeresis")
                .build();
        assertThat(obj.bytes().utf8())
                .isEqualTo(
                        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With Diaeresis\","
                                + "\"\u20ac\":\"Euro Sign\",\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    @Test
    void sixtyFourLevelsAreReadAndOneMoreIsNot() {
        String at = "[".repeat(64) + "1" + "]".repeat(64);
        assertThat(CanonicalJson.parse(Bytes.utf8(at)).bytes().utf8()).isEqualTo(at);
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> CanonicalJson.parse(Bytes.utf8("[".repeat(65) + "1" + "]".repeat(65))))
                .withMessageContaining("64 levels");
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> CanonicalJson.parse(Bytes.utf8("[".repeat(500_000))));
    }

    /** A naive second writer: strings by table, members by a sorted map of code units. */
    @Test
    void randomValuesAreWrittenAsANaiveWriterWritesThem() {
        long seed = 8785;
        Random random = new Random(seed);
        for (int i = 0; i < 3000; i++) {
            Json value = value(random, 0);
            String naive = naive(value);
            assertThat(value.bytes().utf8()).as("seed %d round %d", seed, i).isEqualTo(naive);
            assertThat(CanonicalJson.parse(value.bytes())).isEqualTo(value);
        }
    }

    @Test
    void everySingleByteChangeIsRefusedOrAnotherValue() {
        long seed = 64;
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            Json value = value(random, 1);
            byte[] bytes = value.bytes().toByteArray();
            int at = random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            try {
                Json other = CanonicalJson.parse(Bytes.copyOf(bytes));
                assertThat(other).as("seed %d round %d", seed, i).isNotEqualTo(value);
                assertThat(other.bytes()).isEqualTo(Bytes.copyOf(bytes));
            } catch (JsonException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }

    private static Json value(Random random, int depth) {
        switch (random.nextInt(depth > 3 ? 3 : 5)) {
            case 0:
                return new Json.Num(random.nextBoolean() ? random.nextInt(2000) - 1000 : random.nextLong() >> 11);
            case 1:
                return new Json.Bool(random.nextBoolean());
            case 2:
                return new Json.Str(text(random));
            case 3:
                List<Json> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(value(random, depth + 1));
                }
                return new Json.Arr(items);
            default:
                Map<String, Json> members = new TreeMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    members.put(text(random), value(random, depth + 1));
                }
                return new Json.Obj(members);
        }
    }

    private static String text(Random random) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            int point = switch (random.nextInt(5)) {
                case 0 -> random.nextInt(0x20);
                case 1 -> 0x20 + random.nextInt(0x60);
                case 2 -> 0x80 + random.nextInt(0xd800 - 0x80);
                case 3 -> 0xe000 + random.nextInt(0x2000);
                default -> 0x10000 + random.nextInt(0x100000);
            };
            out.appendCodePoint(point);
        }
        return out.toString();
    }

    private static String naive(Json value) {
        if (value instanceof Json.Obj obj) {
            List<String> names = new ArrayList<>(obj.members().keySet());
            names.sort((a, b) -> {
                for (int i = 0; i < Math.min(a.length(), b.length()); i++) {
                    if (a.charAt(i) != b.charAt(i)) {
                        return a.charAt(i) - b.charAt(i);
                    }
                }
                return a.length() - b.length();
            });
            List<String> parts = new ArrayList<>();
            names.forEach(
                    name -> parts.add(quoted(name) + ":" + naive(obj.members().get(name))));
            return "{" + String.join(",", parts) + "}";
        }
        if (value instanceof Json.Arr arr) {
            List<String> parts = new ArrayList<>();
            arr.items().forEach(item -> parts.add(naive(item)));
            return "[" + String.join(",", parts) + "]";
        }
        if (value instanceof Json.Str str) {
            return quoted(str.value());
        }
        return value instanceof Json.Num num
                ? Long.toString(num.value())
                : Boolean.toString(((Json.Bool) value).value());
    }

    private static String quoted(String text) {
        Map<Character, String> table =
                Map.of('"', "\\\"", '\\', "\\\\", '\b', "\\b", '\t', "\\t", '\n', "\\n", '\f', "\\f", '\r', "\\r");
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            out.append(table.getOrDefault(c, c < 0x20 ? String.format("\\u%04x", (int) c) : String.valueOf(c)));
        }
        return out.append('"').toString();
    }

    @Test
    void namesThatLookLikeOneAnotherInTheirBytesAreToldApart() {
        // The second begins with the bytes of an escape, the third is what these bytes say.
        for (String text : List.of("{\"ab\":1}", "{\"\\\\b\":1}", "{\"\\b\":1}", "{\"\u00e9\":1}", "{\"ab\":1}")) {
            Json.Obj object = CanonicalJson.parseObject(Bytes.utf8(text));
            Json.Obj made = new Json.Obj(object.members());
            assertThat(made.bytes()).as(text).isEqualTo(Bytes.utf8(text));
            assertThat(object.bytes()).isEqualTo(Bytes.utf8(text));
            assertThat(object).isEqualTo(made).hasSameHashCodeAs(made);
        }
    }

    @Test
    void aMemberWhoseNameEndsInAQuestionMarkIsUnknownLikeAnyOther() {
        Json.Obj object = CanonicalJson.parseObject(Bytes.utf8("{\"capture?\":1,\"outcome\":2}"));
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> object.requireMembers("outcome", "capture?"))
                .withMessageContaining("unknown member 'capture?'");
    }

    @Test
    void twoMembersAreReadOnlyInTheOrderOfTheirNamesWhateverTheirNamesHold() {
        String[] pieces = {"a", "b", "ab", "!", " ", "\"", "\\", "\n", "\u0001", "\u00e9", "\ue000", "\ud83d\ude00"};
        Random random = new Random(20261130);
        for (int round = 0; round < 20_000; round++) {
            String first = name(random, pieces);
            String second = name(random, pieces);
            Bytes text = Bytes.utf8("{" + quoted(first) + ":1," + quoted(second) + ":2}");
            if (first.compareTo(second) >= 0) {
                assertThatExceptionOfType(JsonException.class)
                        .as(text.utf8())
                        .isThrownBy(() -> CanonicalJson.parse(text));
                continue;
            }
            Json.Obj object = CanonicalJson.parseObject(text);
            assertThat(object.number(first)).as(text.utf8()).isEqualTo(1);
            assertThat(object.number(second)).as(text.utf8()).isEqualTo(2);
            assertThat(object.has(first + "a")).isEqualTo((first + "a").equals(second));
            assertThat(object.members().keySet()).containsExactly(first, second);
        }
    }

    private static String name(Random random, String... pieces) {
        StringBuilder out = new StringBuilder();
        for (int left = random.nextInt(4); left > 0; left--) {
            out.append(pieces[random.nextInt(pieces.length)]);
        }
        return out.toString();
    }

    @Test
    void membersAreAskedForInAnyOrder() {
        Json.Obj read = CanonicalJson.parseObject(Bytes.utf8("{\"a\":1,\"b\":{\"c\":2,\"d\":3},\"e\":4}"));
        for (Json.Obj object : List.of(read, new Json.Obj(read.members()))) {
            object.requireMembers("a", "b", "e");
            object.requireMembers("e", "a", "b");
            object.requireMembers("0?", "a", "b?", "e", "z?");
            object.requireMembers("z?", "e", "b", "a?", "0?");
            assertRefused(object, "'f' is missing", "a", "b", "e", "f");
            assertRefused(object, "'aa' is missing", "a", "aa", "b", "e");
            assertRefused(object, "unknown member 'b'", "a", "e");
            assertRefused(object, "unknown member 'e'", "a", "b", "ee?");
            assertRefused(object, "unknown member 'a'");
        }
        CanonicalJson.parseObject(Bytes.utf8("{}")).requireMembers("a?").requireMembers();
    }

    private static void assertRefused(Json.Obj object, String message, String... wanted) {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> object.requireMembers(wanted))
                .withMessage(message);
    }

    @Test
    void digestsAreReadFromTheirTextAsFromAString() {
        String hex = "0123456789abcdef".repeat(4);
        String base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        for (String wrong : List.of("", "00", hex + "00", hex.replace('a', 'A'), hex.replace("ab", "\u00e9"), base64)) {
            assertThatExceptionOfType(JsonException.class)
                    .as(wrong)
                    .isThrownBy(() -> both(wrong).get(0).digest("a"));
            assertThatExceptionOfType(JsonException.class)
                    .as(wrong)
                    .isThrownBy(() -> both(wrong).get(1).digest("a"));
        }
        for (String wrong :
                List.of("", hex, base64.replace('8', '9'), base64.replace("=", ""), "\ud83d\ude00" + base64)) {
            for (Json.Obj object : both(wrong)) {
                Json.Arr list = Json.arr(List.of(java.util.Objects.requireNonNull(object.get("a"))));
                assertThatExceptionOfType(IllegalArgumentException.class)
                        .as(wrong)
                        .isThrownBy(list::base64Digests);
            }
        }
        for (Json.Obj object : both(hex)) {
            assertThat(object.digest("a").hex()).isEqualTo(hex);
        }
        for (Json.Obj object : both(base64)) {
            Json.Arr list = Json.arr(List.of(java.util.Objects.requireNonNull(object.get("a"))));
            assertThat(list.base64Digests().get(0).base64()).isEqualTo(base64);
        }
    }

    /** The same object, read and made. */
    private static List<Json.Obj> both(String text) {
        Json.Obj made = Json.obj().put("a", text).build();
        return List.of(CanonicalJson.parseObject(made.bytes()), made);
    }
}
