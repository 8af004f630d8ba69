package dev.terraseal.core.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ValuesTest {
    @Test
    void hexIsLowerCaseOnly() {
        assertThat(Bytes.fromHex("00ff").hex()).isEqualTo("00ff");
        for (String bad : List.of("00FF", "0", "0g", " 00")) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> Bytes.fromHex(bad));
        }
    }

    @Test
    void base64HasOneTextForOneValue() {
        assertThat(Bytes.fromBase64("AA==").length()).isEqualTo(1);
        // no padding, trailing bits, URL alphabet, line break, white space
        for (String bad : List.of("AA", "AB==", "-_8=", "AA\n==", "AA== ")) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> Bytes.fromBase64(bad));
        }
    }

    @Test
    void aDigestInBase64IsReadAsAnyOtherBytesAre() {
        Random random = new Random(5);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ \u00e9\n";
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[Digest.LENGTH];
            random.nextBytes(bytes);
            StringBuilder text = new StringBuilder(Bytes.wrap(bytes).base64());
            if (i % 2 == 0) {
                char other = alphabet.charAt(random.nextInt(alphabet.length()));
                int at = random.nextInt(4) == 0 ? 42 + random.nextInt(2) : random.nextInt(44);
                text.setCharAt(at, other);
            }
            Digest read;
            try {
                read = Digest.fromBase64(text.toString());
            } catch (IllegalArgumentException notOne) {
                refused++;
                assertThatIllegalArgumentException()
                        .as(text.toString())
                        .isThrownBy(() -> Digest.fromBytes(Bytes.fromBase64(text.toString())));
                continue;
            }
            assertThat(read).as(text.toString()).isEqualTo(Digest.fromBytes(Bytes.fromBase64(text.toString())));
        }
        assertThat(refused).isGreaterThan(1000);
        for (String bad :
                List.of("", "AAAA", "A".repeat(43), "A".repeat(44), "A".repeat(42) + "B=", "A".repeat(42) + "==")) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> Digest.fromBase64(bad));
        }
    }

    @Test
    void textWithALoneSurrogateHasNoUtf8Form() {
        assertThatIllegalArgumentException().isThrownBy(() -> Bytes.utf8("a\ud800b"));
        assertThat(Bytes.utf8("a\ud83d\ude00").length()).isEqualTo(5);
    }

    @Test
    void timesAreWrittenAndReadAsTheJdkWouldWriteThem() {
        DateTimeFormatter jdk =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
        long seed = 20261122;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            long millis = i < 2
                    ? List.of(-62_135_596_800_000L, 253_402_300_799_999L).get(i)
                    : -62_135_596_800_000L + (long) (random.nextDouble() * 315_537_897_599_999L);
            String text = new Timestamp(millis).toString();
            assertThat(text).as("seed %d round %d", seed, i).isEqualTo(jdk.format(Instant.ofEpochMilli(millis)));
            assertThat(Timestamp.parse(text).epochMillis()).isEqualTo(millis);
        }
    }

    @Test
    void aDayIsATimeIfTheCalendarHasIt() {
        for (int year : List.of(1, 4, 1899, 1900, 1970, 1999, 2000, 2023, 2024, 2100, 9999)) {
            for (int month = 0; month <= 13; month++) {
                for (int day = 0; day <= 32; day++) {
                    String text = String.format("%04d-%02d-%02dT23:59:59.999Z", year, month, day);
                    Instant known;
                    try {
                        known = Instant.parse(text);
                    } catch (DateTimeException none) {
                        assertThatIllegalArgumentException().as(text).isThrownBy(() -> Timestamp.parse(text));
                        continue;
                    }
                    assertThat(Timestamp.parse(text).epochMillis()).as(text).isEqualTo(known.toEpochMilli());
                }
            }
        }
    }

    @Test
    void otherFormsOfTimeAreRefused() {
        for (String bad : List.of(
                "2026-11-22T01:02:03Z",
                "2026-11-22T01:02:03.123456Z",
                "2026-11-22T01:02:03.123+00:00",
                "2026-02-30T01:02:03.123Z",
                "2026-11-22 01:02:03.123Z",
                "2026-11-22T24:00:00.000Z",
                "2026-11-22T23:59:60.000Z",
                "0000-01-01T00:00:00.000Z",
                "+026-11-22T01:02:03.123Z",
                "")) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> Timestamp.parse(bad));
        }
    }

    @Test
    void streamsEscapeNowhere() {
        for (String good : List.of("acme/infra/prod", "a", "_keys", "a.b/..c", "A-1_2")) {
            assertThat(new StreamId(good).value()).isEqualTo(good);
        }
        for (String bad : List.of(
                "", "/a", "a/", "a//b", ".", "..", "a/../b", "a/.", "a b", "acmé", "a\u0000", "x".repeat(257))) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> new StreamId(bad));
        }
    }

    @Test
    void idsOriginsAndSequencesKeepTheirAlphabet() {
        assertThat(new EventId("run-4711-apply").value()).isEqualTo("run-4711-apply");
        for (String bad : List.of("", "-a", "a b", "a/b", "a".repeat(129))) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> new EventId(bad));
        }
        for (String bad : List.of("", "A", "a//b", "a/", "a+b", "a b", "a".repeat(256))) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> new LogOrigin(bad));
        }
        assertThat(new SequenceNumber(42).padded()).isEqualTo("00000000000000000042");
        assertThat(SequenceNumber.fromPadded("00000000000000000042").value()).isEqualTo(42);
        for (String bad : List.of("42", "0000000000000000004a", "+0000000000000000042", "99999999999999999999")) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> SequenceNumber.fromPadded(bad));
        }
    }

    @Test
    void idsAndStreamsHaveTheFormThePatternsSay() {
        Pattern id = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}");
        Pattern stream = Pattern.compile("(?!(.*/)?[.]{1,2}(/|$))[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");
        String alphabet = "aZ09._:@-//..\u0000\u0100 ~`[{^";
        long seed = 20261122;
        Random random = new Random(seed);
        int right = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            int letters = 1 + random.nextInt(alphabet.length());
            for (int length = random.nextInt(9); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(letters)));
            }
            String value = text.toString();
            boolean isId = id.matcher(value).matches();
            boolean isStream = stream.matcher(value).matches();
            right += (isId ? 1 : 0) + (isStream ? 1 : 0);
            assertThat(accepts(EventId::new, value))
                    .as("id '%s', seed %d", value, seed)
                    .isEqualTo(isId);
            assertThat(accepts(StreamId::new, value))
                    .as("stream '%s', seed %d", value, seed)
                    .isEqualTo(isStream);
        }
        assertThat(right).isBetween(10_000, 90_000);
        assertThat(accepts(EventId::new, "a".repeat(128))).isTrue();
        assertThat(accepts(EventId::new, "a".repeat(129))).isFalse();
        assertThat(accepts(StreamId::new, "a".repeat(256))).isTrue();
        assertThat(accepts(StreamId::new, "a".repeat(257))).isFalse();
    }

    private static boolean accepts(Function<String, ?> form, String value) {
        try {
            form.apply(value);
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }
}
