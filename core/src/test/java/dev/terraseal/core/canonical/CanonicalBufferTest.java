package dev.terraseal.core.canonical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CanonicalBufferTest {
    @Test
    void aCharacterThatNeedsALookIsSeenAtEveryPlaceAmongPlainOnes() {
        for (int length = 0; length < 27; length++) {
            for (int at = 0; at <= length; at++) {
                for (int c = 0; c < 0x100; c++) {
                    String text = "x".repeat(at) + (char) c + "~".repeat(length - at);
                    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                    CanonicalBuffer out = new CanonicalBuffer(64).utf8String(utf8, 0, utf8.length);
                    assertThat(out.toBytes().utf8())
                            .as("U+%04X at %d of %d", c, at, length)
                            .isEqualTo(quoted(text));
                }
            }
        }
    }

    /** RFC 8785 section 3.2.2.2, character by character. */
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            int shortForm = "\b\t\n\f\r\"\\".indexOf(c);
            if (shortForm >= 0) {
                out.append('\\').append("btnfr\"\\".charAt(shortForm));
            } else if (c < 0x20) {
                out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    @Test
    void malformedUtf8IsRefusedAtEveryPlaceAmongPlainText() {
        for (String bad : List.of("80", "c080", "c3", "eda080", "f0808080", "f4908080", "ff")) {
            byte[] malformed = java.util.HexFormat.of().parseHex(bad);
            for (int at = 0; at < 20; at++) {
                byte[] text =
                        ("x".repeat(at) + " ".repeat(malformed.length) + "yyyyyyyyyy").getBytes(StandardCharsets.UTF_8);
                System.arraycopy(malformed, 0, text, at, malformed.length);
                assertThatThrownBy(() -> new CanonicalBuffer(64).utf8String(text, 0, text.length))
                        .as("%s at %d", bad, at)
                        .isInstanceOf(JsonException.class)
                        .hasMessageContaining("at byte " + at);
            }
        }
    }

    @Test
    void aStringInsideALargerArrayEndsWhereItsLengthSays() {
        byte[] source = "aaaaaaaabbbbbbbbcccccccc\"".getBytes(StandardCharsets.UTF_8);
        assertThat(new CanonicalBuffer(64).utf8String(source, 3, 13).toBytes().utf8())
                .isEqualTo("\"aaaaabbbbbbbb\"");
        assertThat(new CanonicalBuffer(64).hexString(source, 7, 2).toBytes().utf8())
                .isEqualTo("\"6162\"");
    }

    @Test
    void everyByteHasItsTwoDigitsAlsoInADigestWrittenInPlace() {
        byte[] all = new byte[256];
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
            expected.append(String.format("%02x", i));
        }
        assertThat(new CanonicalBuffer(64)
                        .hexString(all, 0, all.length)
                        .toBytes()
                        .utf8())
                .isEqualTo('"' + expected.toString() + '"');
        for (int from = 0; from < all.length; from += Digest.LENGTH) {
            assertThat(new CanonicalBuffer(64)
                            .ascii("x")
                            .hexString(Digest.copyOf(all, from))
                            .toBytes()
                            .utf8())
                    .isEqualTo("x\"" + expected.substring(2 * from, 2 * (from + Digest.LENGTH)) + '"');
        }
    }
}
