package dev.terraseal.export;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Which of the stamped checkpoints say something about the entries of an export. */
final class StampChoice {
    /** More say nothing new but for finer intervals. */
    static final int MOST = 512;

    private StampChoice() {}

    /**
     * Those with entries of the export that none before them has, the first that has all, and the newest: thinned evenly
     * where they are many.
     *
     * @param stamped sizes, none above the head's
     * @param first leaf index of the first entry
     * @param end leaf index behind the last entry
     * @param beside leaf indices of the entries in key-events/: the first that has each is never thinned out, for once the
     *     algorithm that signed a key event is broken only that one shows that it is older
     */
    static TreeSet<Long> of(TreeSet<Long> stamped, long first, long end, List<Long> beside) {
        TreeSet<Long> chosen = new TreeSet<>();
        if (stamped.isEmpty()) {
            return chosen;
        }
        List<Long> within = new ArrayList<>(stamped.subSet(first, false, end, false));
        int step = 1 + within.size() / MOST;
        for (int i = step - 1; i < within.size(); i += step) {
            chosen.add(within.get(i));
        }
        Long all = stamped.ceiling(end);
        if (all != null) {
            chosen.add(all);
        }
        chosen.add(stamped.last());
        for (long index : beside) {
            Long shown = stamped.higher(index);
            if (shown != null) {
                chosen.add(shown);
            }
        }
        return chosen;
    }
}
