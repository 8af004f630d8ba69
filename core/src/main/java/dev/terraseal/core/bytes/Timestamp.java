package dev.terraseal.core.bytes;

/**
 * A UTC time to the millisecond, written {@code YYYY-MM-DDTHH:MM:SS.mmmZ}. It lies in the years 0001 to 9999, where that
 * form has exactly 24 characters and sorts as time does.
 */
public record Timestamp(long epochMillis) implements Comparable<Timestamp> {
    private static final long FIRST = -62_135_596_800_000L;
    private static final long LAST = 253_402_300_799_999L;

    public Timestamp {
        if (!isWritable(epochMillis)) {
            throw new IllegalArgumentException(
                    "a time lies in the years 0001 to 9999, not " + epochMillis + " ms from 1970");
        }
    }

    public static boolean isWritable(long epochMillis) {
        return epochMillis >= FIRST && epochMillis <= LAST;
    }

    /** Reads exactly the written form; other precisions, offsets, leap seconds and impossible dates are refused. */
    public static Timestamp parse(String text) {
        if (text.length() != 24
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':'
                || text.charAt(19) != '.'
                || text.charAt(23) != 'Z') {
            throw refused(text);
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (month < 1
                || month > 12
                || day < 1
                || day > daysOf(month, year)
                || hour > 23
                || minute > 59
                || second > 59) {
            throw refused(text);
        }
        long seconds = daysFrom1970(year, month, day) * 86_400 + hour * 3600L + minute * 60L + second;
        return new Timestamp(seconds * 1000 + number(text, 20, 23));
    }

    private static int daysOf(int month, int year) {
        if (month == 2) {
            return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
        }
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    /** The proleptic Gregorian calendar, with years that begin in March, so that a leap day is their last. */
    private static long daysFrom1970(int year, int month, int day) {
        long years = month > 2 ? year : year - 1;
        int monthFromMarch = month > 2 ? month - 3 : month + 9;
        int dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1;
        long leapDays = Math.floorDiv(years, 4L) - Math.floorDiv(years, 100L) + Math.floorDiv(years, 400L);
        return 365 * years + leapDays + dayOfYear - 719_468;
    }

    private static int number(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                throw refused(text);
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is no time: write UTC as YYYY-MM-DDTHH:MM:SS.mmmZ (example: 2026-11-22T01:02:03.123Z)");
    }

    /** Writes the 24 ASCII characters to {@code target} from {@code at}; no allocation, the sequencer does it twice an event. */
    public void writeTo(byte[] target, int at) {
        long days = Math.floorDiv(epochMillis, 86_400_000L);
        int millis = (int) Math.floorMod(epochMillis, 86_400_000L);
        // Civil date from days (proleptic Gregorian), shifted so that the year begins in March.
        long shifted = days + 719_468;
        long era = Math.floorDiv(shifted, 146_097L);
        long ofEra = shifted - era * 146_097;
        long yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
        long dayOfYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (int) ((5 * dayOfYear + 2) / 153);
        int day = (int) (dayOfYear - (153L * monthFromMarch + 2) / 5 + 1);
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        int year = (int) (yearOfEra + era * 400 + (month <= 2 ? 1 : 0));
        digits(target, at, year, 4);
        target[at + 4] = '-';
        digits(target, at + 5, month, 2);
        target[at + 7] = '-';
        digits(target, at + 8, day, 2);
        target[at + 10] = 'T';
        digits(target, at + 11, millis / 3_600_000, 2);
        target[at + 13] = ':';
        digits(target, at + 14, millis / 60_000 % 60, 2);
        target[at + 16] = ':';
        digits(target, at + 17, millis / 1000 % 60, 2);
        target[at + 19] = '.';
        digits(target, at + 20, millis % 1000, 3);
        target[at + 23] = 'Z';
    }

    private static void digits(byte[] target, int at, int value, int count) {
        int rest = value;
        for (int i = at + count - 1; i >= at; i--) {
            target[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    @Override
    public int compareTo(Timestamp other) {
        return Long.compare(epochMillis, other.epochMillis);
    }

    @Override
    public String toString() {
        byte[] text = new byte[24];
        writeTo(text, 0);
        return new String(text, java.nio.charset.StandardCharsets.US_ASCII);
    }
}
