package dev.terraseal.export.report;

import dev.terraseal.verifier.verdict.Printable;

/** HTML in the making. Markup comes from this program alone; whatever came from outside goes through {@link #text}. */
final class Html {
    private final StringBuilder out = new StringBuilder(1 << 14);

    /** Markup as it is; never anything from outside. */
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    /** Text from anywhere: it can end no element and no attribute, and hides no control character. */
    Html text(String anything) {
        out.append(Printable.html(anything));
        return this;
    }

    Html number(long value) {
        out.append(grouped(value));
        return this;
    }

    /** 12345 as {@code 12,345}. */
    static String grouped(long value) {
        StringBuilder digits = new StringBuilder(Long.toString(value));
        int floor = value < 0 ? 1 : 0;
        for (int at = digits.length() - 3; at > floor; at -= 3) {
            digits.insert(at, ',');
        }
        return digits.toString();
    }

    /** {@code 1 entry}, {@code 2 entries}. */
    static String counted(long count, String one, String many) {
        return grouped(count) + " " + (count == 1 ? one : many);
    }

    /** An element with text from anywhere in it; {@code tag} may hold attributes. */
    Html element(String tag, String content) {
        int space = tag.indexOf(' ');
        raw("<" + tag + ">").text(content);
        return raw("</" + (space < 0 ? tag : tag.substring(0, space)) + ">");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
