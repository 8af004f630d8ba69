package dev.terraseal.core.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ExcerptTest {
    private static final String PAIR = "\ud83d\ude00";

    @Test
    void aCharacterIsShownWholeOrNotAtAll() {
        assertThat(Excerpt.of("ab" + PAIR, 4)).isEqualTo("ab" + PAIR);
        assertThat(Excerpt.of("ab" + PAIR + "c", 4)).isEqualTo("ab" + PAIR + "…");
        assertThat(Excerpt.of("ab" + PAIR, 3)).isEqualTo("ab…");
        assertThat(Excerpt.of("ab" + PAIR, 2)).isEqualTo("ab…");
    }

    @Test
    void halfACharacterOfTheTextItselfIsReplaced() {
        assertThat(Excerpt.of("a\ud83db\ude00", 10)).isEqualTo("a?b?");
        assertThat(Excerpt.wellFormed("a" + PAIR + "\ud83d")).isEqualTo("a" + PAIR + "?");
    }

    @Test
    void aNameThatIsRefusedIsQuotedInWholeCharacters() {
        String name = "a".repeat(79) + PAIR;
        assertThatThrownBy(() -> new StreamId(name))
                .satisfies(refused -> Bytes.utf8(String.valueOf(refused.getMessage())));
        assertThatThrownBy(() -> new EventId(name))
                .satisfies(refused -> Bytes.utf8(String.valueOf(refused.getMessage())));
    }
}
