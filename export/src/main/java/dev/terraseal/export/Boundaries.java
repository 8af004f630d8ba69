package dev.terraseal.export;

import java.util.Arrays;

/**
 * Sequences at which the archiver began a segment, as far as they are known: 0, sizes of signed checkpoints, and where a
 * segment ends that begins at one. Others may put segments between them, cut as they like.
 */
final class Boundaries {
    private long[] starts = new long[64];
    /** Where the segment ends that begins there; 0 where it was not read. */
    private long[] ends = new long[64];

    private int count;

    Boundaries() {
        add(0);
    }

    /** @return its place */
    private int place(long boundary) {
        int at = Arrays.binarySearch(starts, 0, count, boundary);
        if (at >= 0) {
            return at;
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        int place = -at - 1;
        System.arraycopy(starts, place, starts, place + 1, count - place);
        System.arraycopy(ends, place, ends, place + 1, count - place);
        starts[place] = boundary;
        ends[place] = 0;
        count++;
        return place;
    }

    void add(long boundary) {
        place(boundary);
    }

    /** That the archiver's segment from {@code first} on ends at {@code end}, where its next one begins. */
    void addSegment(long first, long end) {
        ends[place(first)] = end;
        add(end);
    }

    boolean has(long sequence) {
        return Arrays.binarySearch(starts, 0, count, sequence) >= 0;
    }

    /** Where the segment begins that holds {@code sequence}, or −1 if that is not known. */
    long startOf(long sequence) {
        int at = Arrays.binarySearch(starts, 0, count, sequence);
        int place = at >= 0 ? at : -at - 2;
        return at >= 0 || ends[place] > sequence ? starts[place] : -1;
    }
}
