package dev.terraseal.run.terraform;

import java.util.ArrayList;
import java.util.List;

/** Splits {@code TF_CLI_ARGS} as terraform does: blanks separate, quotes of both kinds and backslash protect. */
final class ShellWords {
    private ShellWords() {}

    /** An open quote at the end is an {@link IllegalArgumentException}; terraform refuses it too. */
    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                i++;
                word.append(text.charAt(i));
                inWord = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a quote is not closed in TF_CLI_ARGS or TF_CLI_ARGS_apply");
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
