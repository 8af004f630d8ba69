package dev.terraseal.schemas.avro;

import dev.terraseal.core.canonical.CanonicalBuffer;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.statement.RejectionReason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The entries of one map on their way out. They are written as they come; only when they did not come in canonical order
 * are they put into it at the end.
 */
final class MapEntries {
    private final byte[] data;
    private final CanonicalBuffer out;
    private final int begin;
    /** For each entry: where its key lies in data, how long that is, where the entry begins and ends in out. */
    private int[] places = new int[4 * 16];

    private int count;
    private boolean sorted = true;

    MapEntries(byte[] data, CanonicalBuffer out) {
        this.data = data;
        this.out = out;
        this.begin = out.position();
    }

    void add(AvroInput in) {
        int keyLength = in.readLength();
        int key = in.take(keyLength);
        if (4 * count == places.length) {
            places = Arrays.copyOf(places, 2 * places.length);
        }
        int place = 4 * count;
        places[place] = key;
        places[place + 1] = keyLength;
        if (count > 0) {
            int order = compare(count - 1, count);
            if (order == 0) {
                throw twice(count);
            }
            sorted &= order < 0;
        }
        out.raw((byte) (count == 0 ? '{' : ','));
        places[place + 2] = out.position();
        try {
            out.utf8String(data, key, keyLength);
            out.raw((byte) ':');
            int valueLength = in.readLength();
            int value = in.take(valueLength);
            out.utf8String(data, value, valueLength);
        } catch (JsonException notUtf8) {
            throw RefusedDataException.because(RejectionReason.BAD_TEXT, notUtf8)
                    .within(keyOf(count));
        }
        places[place + 3] = out.position();
        count++;
    }

    void finish() {
        if (!sorted) {
            sort();
        }
        out.raw((byte) '}');
    }

    private void sort() {
        Integer[] order = new Integer[count];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, this::compare);
        CanonicalBuffer copy = new CanonicalBuffer(out.position() - begin);
        for (int i = 0; i < count; i++) {
            if (i > 0 && compare(order[i - 1], order[i]) == 0) {
                throw twice(order[i]);
            }
            int place = 4 * order[i];
            copy.raw((byte) (i == 0 ? '{' : ','));
            copy.copyRange(out, places[place + 2], places[place + 3]);
        }
        out.truncate(begin);
        out.copyRange(copy, 0, copy.position());
    }

    private RefusedDataException twice(int entry) {
        return new RefusedDataException(RejectionReason.BAD_VALUE, "a key that is there twice").within(keyOf(entry));
    }

    private String keyOf(int entry) {
        return new String(data, places[4 * entry], Math.min(80, places[4 * entry + 1]), StandardCharsets.UTF_8);
    }

    /**
     * UTF-16 code unit order (RFC 8785 section 3.2.3) of two UTF-8 keys. It is the order of the bytes, except that
     * characters beyond the basic plane (first byte F0 and up) come before U+E000 to U+FFFF (first byte EE or EF).
     */
    private int compare(int left, int right) {
        int a = places[4 * left];
        int b = places[4 * right];
        int aLength = places[4 * left + 1];
        int bLength = places[4 * right + 1];
        int at = Arrays.mismatch(data, a, a + aLength, data, b, b + bLength);
        if (at < 0) {
            return 0;
        }
        if (at == aLength || at == bLength) {
            return Integer.compare(aLength, bLength);
        }
        int x = data[a + at] & 0xff;
        int y = data[b + at] & 0xff;
        boolean inverted = x >= 0xee && y >= 0xee && x >= 0xf0 != y >= 0xf0;
        return inverted ? Integer.compare(y, x) : Integer.compare(x, y);
    }
}
