package dev.terraseal.core.merkle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.security.MessageDigest;
import java.util.List;

/** The hashes of the tree (RFC 6962 section 2.1): a leaf and a node can never be taken for one another. */
public final class Merkle {
    /** The root of the tree with no entry: SHA-256 of nothing. */
    public static final Digest EMPTY_ROOT = Digest.of(Bytes.EMPTY);

    /** No tree has more levels, since sizes are positive 64-bit numbers; no path or proof has more hashes. */
    public static final int MAX_LEVELS = 63;

    private static final byte LEAF = 0x00;
    private static final byte NODE = 0x01;

    private Merkle() {}

    /** {@code SHA-256(0x00 ‖ entry hash)}: in our logs the entry is the 32-byte entry hash and not the statement. */
    public static Digest leafHash(Digest entryHash) {
        byte[] message = new byte[1 + Digest.LENGTH];
        message[0] = LEAF;
        entryHash.copyTo(message, 1);
        return Digest.of(message, 0, message.length);
    }

    /** {@code SHA-256(0x00 ‖ entry)} for an entry of any length, as in other logs and in the leaves of a heads entry. */
    public static Digest leafHash(Bytes entry) {
        MessageDigest sha256 = Digest.sha256OfThread();
        sha256.update(LEAF);
        entry.update(sha256);
        return Digest.finish(sha256);
    }

    /** {@code SHA-256(0x01 ‖ left ‖ right)}. */
    public static Digest nodeHash(Digest left, Digest right) {
        byte[] message = new byte[1 + 2 * Digest.LENGTH];
        message[0] = NODE;
        left.copyTo(message, 1);
        right.copyTo(message, 1 + Digest.LENGTH);
        return Digest.of(message, 0, message.length);
    }

    /** The root over leaf hashes in order; {@link #EMPTY_ROOT} over none. */
    public static Digest root(List<Digest> leafHashes) {
        CompactRange range = new CompactRange();
        for (Digest leafHash : leafHashes) {
            range.append(leafHash);
        }
        return range.root();
    }

    /** The number of leaves left of the split of a tree of {@code size} ≥ 2: the largest power of two below it. */
    static long split(long size) {
        return Long.highestOneBit(size - 1);
    }
}
