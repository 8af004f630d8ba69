package dev.terraseal.core.bytes;

import java.nio.charset.StandardCharsets;

/**
 * Text from outside in a message of ours: short, and without half a character, which has no UTF-8 form: an answer that
 * quotes one cannot be written, and whoever asked asks again for ever.
 */
public final class Excerpt {
    private Excerpt() {}

    /** At most {@code most} UTF-16 units of the text, and an ellipsis where there are more; never a part of a character. */
    public static String of(String text, int most) {
        if (text.length() <= most) {
            return wellFormed(text);
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return wellFormed(text.substring(0, end)) + "…";
    }

    /** The text with every lone surrogate replaced. */
    public static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
