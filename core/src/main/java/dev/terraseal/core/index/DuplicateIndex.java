package dev.terraseal.core.index;

import java.util.Arrays;

/**
 * Every accepted event's fingerprint and sequence, in memory: open addressing over flat {@code long[]}, four longs a
 * slot. Nothing is ever removed, so linear probing needs no tombstones. Not safe for concurrent writers.
 *
 * <p>Exact in this sense: the answer {@link Answer.Same} needs all 192 bits of the fingerprint to agree. Two events
 * whose 128 key bits agree by accident end as {@link Answer.OtherContent}, which rejects the second one: it is kept in
 * {@code rejected} and never acknowledged as if it were in the log.
 *
 * <p>The table is cut into shards that grow on their own, so growing copies a 256th of it and never doubles the heap.
 * Between 57 % and 80 % of the slots are in use once a shard has grown: 40 to 56 bytes an id.
 */
public final class DuplicateIndex {
    private static final int SHARDS = 256;
    private static final int FIRST_SLOTS = 16;
    private static final int LONGS = 4;
    private static final int ARRAY_HEADER_BYTES = 16;

    private final long[][] shards = new long[SHARDS][];
    private final int[] used = new int[SHARDS];
    private long size;

    public DuplicateIndex() {
        for (int i = 0; i < SHARDS; i++) {
            shards[i] = new long[FIRST_SLOTS * LONGS];
        }
    }

    /** Looks a fingerprint up. Costs one cache miss as a rule, and no allocation when the key is absent. */
    public Answer find(Fingerprint wanted) {
        long[] table = shards[shard(wanted.keyHigh())];
        int at = slot(table, wanted.keyLow());
        while (table[at + 3] != 0) {
            if (table[at] == wanted.keyHigh() && table[at + 1] == wanted.keyLow()) {
                long sequence = table[at + 3] - 1;
                return table[at + 2] == wanted.content()
                        ? new Answer.Same(sequence)
                        : new Answer.OtherContent(sequence, Fingerprint.prefix(table[at + 2]));
            }
            at += LONGS;
            if (at == table.length) {
                at = 0;
            }
        }
        return Answer.Absent.INSTANCE;
    }

    /**
     * Remembers an accepted event.
     *
     * @throws IllegalStateException if the key is present: the caller must have asked first, and two entries with one key
     *     are a log that is not to be continued
     */
    public void add(Fingerprint event, long sequence) {
        if (sequence < 0) {
            throw new IllegalArgumentException("a sequence is not negative: " + sequence);
        }
        int shard = shard(event.keyHigh());
        if ((used[shard] + 1) * 5L > shards[shard].length / LONGS * 4L) {
            shards[shard] = grown(shards[shard]);
        }
        put(shards[shard], event.keyHigh(), event.keyLow(), event.content(), sequence + 1);
        used[shard]++;
        size++;
    }

    public long size() {
        return size;
    }

    /** Heap held by the table, in bytes. */
    public long heapBytes() {
        long bytes = 0;
        for (long[] table : shards) {
            bytes += ARRAY_HEADER_BYTES + (long) table.length * Long.BYTES;
        }
        return bytes + SHARDS * (Long.BYTES + Integer.BYTES);
    }

    private static long[] grown(long[] table) {
        int slots = table.length / LONGS;
        long[] larger = new long[(slots + Math.max(8, slots * 2 / 5)) * LONGS];
        for (int at = 0; at < table.length; at += LONGS) {
            if (table[at + 3] != 0) {
                put(larger, table[at], table[at + 1], table[at + 2], table[at + 3]);
            }
        }
        return larger;
    }

    private static void put(long[] table, long high, long low, long content, long sequencePlusOne) {
        int at = slot(table, low);
        while (table[at + 3] != 0) {
            if (table[at] == high && table[at + 1] == low) {
                throw new IllegalStateException("the id of entry " + (sequencePlusOne - 1) + " belongs to entry "
                        + (table[at + 3] - 1) + " already: one accepted event would be in the log twice");
            }
            at += LONGS;
            if (at == table.length) {
                at = 0;
            }
        }
        table[at] = high;
        table[at + 1] = low;
        table[at + 2] = content;
        table[at + 3] = sequencePlusOne;
    }

    private static int shard(long high) {
        return (int) (high >>> 56);
    }

    /** The upper 32 bits of {@code low}, scaled to the number of slots: no division, any number of slots. */
    private static int slot(long[] table, long low) {
        return (int) ((low >>> 32) * (table.length / LONGS) >>> 32) * LONGS;
    }

    @Override
    public String toString() {
        return size + " ids in " + heapBytes() + " bytes, shards "
                + Arrays.stream(used).min().orElse(0) + " to "
                + Arrays.stream(used).max().orElse(0);
    }
}
