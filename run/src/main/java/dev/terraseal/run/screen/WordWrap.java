package dev.terraseal.run.screen;

/** Breaks lines between words, as terraform wraps the text of diagnostics: a word longer than the width stays whole. */
final class WordWrap {
    private WordWrap() {}

    static String wrap(String line, int width) {
        StringBuilder out = new StringBuilder();
        int column = 0;
        int at = 0;
        while (at < line.length()) {
            int space = at;
            while (space < line.length() && line.charAt(space) == ' ') {
                space++;
            }
            int end = space;
            while (end < line.length() && line.charAt(end) != ' ') {
                end++;
            }
            int blanks = space - at;
            int word = line.codePointCount(space, end);
            if (column > 0 && column + blanks + word > width) {
                out.append('\n').append(line, space, end);
                column = word;
            } else {
                out.append(line, at, end);
                column += blanks + word;
            }
            at = end;
        }
        return out.toString();
    }
}
