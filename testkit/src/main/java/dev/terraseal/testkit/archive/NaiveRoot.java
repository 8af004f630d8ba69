package dev.terraseal.testkit.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.util.List;

/** RFC 6962 section 2.1 as it is written there, recursion and all. */
public final class NaiveRoot {
    private static final Bytes LEAF = Bytes.fromHex("00");
    private static final Bytes NODE = Bytes.fromHex("01");

    private NaiveRoot() {}

    public static Digest of(List<Bytes> entries) {
        if (entries.isEmpty()) {
            return Digest.of(Bytes.EMPTY);
        }
        if (entries.size() == 1) {
            return Digest.of(LEAF, entries.get(0));
        }
        int split = 1;
        while (split * 2 < entries.size()) {
            split *= 2;
        }
        return Digest.of(
                NODE,
                of(entries.subList(0, split)).bytes(),
                of(entries.subList(split, entries.size())).bytes());
    }
}
