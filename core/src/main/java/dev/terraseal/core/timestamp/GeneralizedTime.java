package dev.terraseal.core.timestamp;

import dev.terraseal.core.bytes.Bytes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code YYYYMMDDHHMMSS[.fraction]Z}: UTC, and no spare zero at the end of a fraction. */
final class GeneralizedTime {
    private static final Pattern FORM =
            Pattern.compile("([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\\.([0-9]{0,8}[1-9]))?Z");

    private GeneralizedTime() {}

    static Instant parse(Bytes content) throws TokenException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < content.length() && i < 32; i++) {
            text.append((char) (content.at(i) & 0xff));
        }
        Matcher form = FORM.matcher(text);
        if (content.length() > 32 || !form.matches()) {
            throw new TokenException("its time is not of the form YYYYMMDDHHMMSS[.fraction]Z");
        }
        String fraction = form.group(7);
        int nanos = fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
        try {
            return LocalDateTime.of(
                            number(form, 1),
                            number(form, 2),
                            number(form, 3),
                            number(form, 4),
                            number(form, 5),
                            number(form, 6),
                            nanos)
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException noSuchDay) {
            throw new TokenException("its time " + text + " is no time that exists", noSuchDay);
        }
    }

    private static int number(Matcher form, int group) {
        return Integer.parseInt(form.group(group));
    }
}
