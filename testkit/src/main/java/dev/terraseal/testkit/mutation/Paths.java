package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lists of hashes that prove nothing, made of one that does. */
final class Paths {
    private static final String ZERO = Bytes.wrap(new byte[32]).base64();

    private Paths() {}

    /** Every list differs from {@code path} and from the others. */
    static List<List<String>> broken(List<String> path) {
        List<List<String>> out = new ArrayList<>();
        for (int at = 0; at < path.size(); at++) {
            List<String> without = new ArrayList<>(path);
            without.remove(at);
            out.add(without);
            for (int bit : new int[] {0, 7, 100, 255}) {
                byte[] hash = Bytes.fromBase64(path.get(at)).toByteArray();
                hash[bit / 8] ^= (byte) (1 << bit % 8);
                out.add(with(path, at, Bytes.wrap(hash).base64()));
            }
            out.add(with(path, at, ZERO));
            out.add(with(path, at, Bytes.wrap(new byte[31]).base64()));
            out.add(with(path, at, Bytes.wrap(new byte[33]).base64()));
            out.add(with(path, at, ""));
            List<String> more = new ArrayList<>(path);
            more.add(at, ZERO);
            out.add(more);
            List<String> twice = new ArrayList<>(path);
            twice.add(at, path.get(at));
            out.add(twice);
            if (at + 1 < path.size()) {
                List<String> swapped = new ArrayList<>(path);
                Collections.swap(swapped, at, at + 1);
                out.add(swapped);
            }
        }
        List<String> longer = new ArrayList<>(path);
        longer.add(ZERO);
        out.add(longer);
        out.add(Collections.nCopies(70, ZERO));
        if (path.size() > 1) {
            out.add(List.of());
        }
        return out.stream().distinct().toList();
    }

    private static List<String> with(List<String> path, int at, String hash) {
        List<String> changed = new ArrayList<>(path);
        changed.set(at, hash);
        return changed;
    }
}
