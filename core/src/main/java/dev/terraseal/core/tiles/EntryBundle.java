package dev.terraseal.core.tiles;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.merkle.ProofException;
import java.util.ArrayList;
import java.util.List;

/** 1 to 256 entries, each with its length before it in two bytes, big-endian. Ours are 32 bytes long: entry hashes. */
public record EntryBundle(List<Bytes> entries) {
    /** What two bytes of length can say. */
    public static final int MAX_ENTRY_BYTES = 0xffff;

    public EntryBundle {
        entries = List.copyOf(entries);
        if (entries.isEmpty() || entries.size() > TilePath.FULL) {
            throw new IllegalArgumentException("an entry bundle has 1 to 256 entries, not " + entries.size());
        }
        for (Bytes entry : entries) {
            if (entry.length() > MAX_ENTRY_BYTES) {
                throw new IllegalArgumentException(
                        "an entry of a tiled log has at most 65535 bytes, not " + entry.length());
            }
        }
    }

    /** @throws ProofException if {@code content} is not exactly as many entries as the width of {@code path} */
    public static EntryBundle parse(TilePath path, Bytes content) throws ProofException {
        List<Bytes> entries = new ArrayList<>(path.width());
        int at = 0;
        while (entries.size() < path.width()) {
            if (content.length() - at < 2) {
                throw new ProofException(
                        "the bundle " + path + " ends after " + entries.size() + " entries, not " + path.width());
            }
            int length = (content.at(at) & 0xff) << 8 | (content.at(at + 1) & 0xff);
            at += 2;
            if (content.length() - at < length) {
                throw new ProofException(
                        "the bundle " + path + " ends inside its entry " + entries.size() + ", at byte " + at);
            }
            entries.add(content.slice(at, at + length));
            at += length;
        }
        if (at != content.length()) {
            throw new ProofException(
                    "the bundle " + path + " goes on after its " + path.width() + " entries, at byte " + at);
        }
        return new EntryBundle(entries);
    }

    public Bytes bytes() {
        List<Bytes> parts = new ArrayList<>(2 * entries.size());
        for (Bytes entry : entries) {
            parts.add(Bytes.wrap(new byte[] {(byte) (entry.length() >>> 8), (byte) entry.length()}));
            parts.add(entry);
        }
        return Bytes.concat(parts.toArray(new Bytes[0]));
    }
}
