package dev.terraseal.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryTextTest {
    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 7, 8, '\r', '\n', 0x1b, 0x7f, 0x9b, 0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066,
                0x2069
            })
    void whatMovesTheCursorOrTurnsTheLineIsShownAsAReplacement(int c) {
        assertThat(EntryText.plain("a" + Character.toString(c) + "b")).isEqualTo("a\ufffdb");
    }

    @Test
    void whatPeopleWriteStaysAsItIs() {
        String text = "Übermorgen: 東京 🚀 acme/infra";
        assertThat(EntryText.plain(text)).isEqualTo(text);
    }
}
