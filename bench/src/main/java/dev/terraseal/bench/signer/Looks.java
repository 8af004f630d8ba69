package dev.terraseal.bench.signer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far the committed end of {@code terraseal.attestations} was, and when: asked now and then, for a consumer in the
 * signer's own process would take its processors and heap while the time is taken.
 */
final class Looks {
    private record Look(long nanos, long end) {}

    private final List<Look> looks = new ArrayList<>();

    void add(long nanos, long end) {
        looks.add(new Look(nanos, end));
    }

    /**
     * Attestations a second from the first look that saw more than {@code skipped} of them to the first that saw all. Where
     * that is one look, from the one before it, which can only be too little.
     *
     * @param offsets of the attestations, ascending: transaction markers lie between them
     */
    double rate(long[] offsets, int skipped) {
        int last = first(offsets, offsets.length);
        int begin = first(offsets, skipped + 1);
        if (begin == last) {
            begin--;
        }
        if (begin < 0) {
            throw new IllegalStateException("all " + offsets.length + " were there at the first look; take more");
        }
        Look from = looks.get(begin);
        return (offsets.length - below(offsets, from.end()))
                * 1e9
                / (looks.get(last).nanos() - from.nanos());
    }

    private int first(long[] offsets, int many) {
        for (int i = 0; i < looks.size(); i++) {
            if (below(offsets, looks.get(i).end()) >= many) {
                return i;
            }
        }
        throw new IllegalStateException("no look saw " + many + " attestations");
    }

    private static int below(long[] offsets, long end) {
        int at = Arrays.binarySearch(offsets, end);
        return at < 0 ? -at - 1 : at;
    }
}
