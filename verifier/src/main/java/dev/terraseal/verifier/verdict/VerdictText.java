package dev.terraseal.verifier.verdict;

import dev.terraseal.verifier.time.Interval;
import java.util.ArrayList;
import java.util.List;

/** A verdict for people: a line a layer, what was found, and what that means. */
public final class VerdictText {
    private static final int COLUMN = 32;
    /** More findings of one layer than these go to the report only. */
    private static final int SHOWN_PER_LAYER = 20;

    private VerdictText() {}

    /** The lines of the transcript, without line ends and safe for a terminal. */
    public static List<String> lines(Verdict verdict) {
        return lines(verdict, SHOWN_PER_LAYER);
    }

    private static List<String> lines(Verdict verdict, int shownPerLayer) {
        List<String> out = new ArrayList<>();
        for (LayerResult result : verdict.layers()) {
            if (result.state() != LayerResult.State.FAILED) {
                addLayer(out, result);
            }
            addFindings(out, verdict, result.layer(), shownPerLayer);
            if (result.layer() == Layer.TIME) {
                addIntervals(out, verdict, shownPerLayer);
            }
        }
        String lists = "";
        if (!verdict.proven().isEmpty()) {
            lists = "   proven: " + String.join("; ", verdict.proven()) + " · not proven: "
                    + String.join("; ", verdict.notProven());
        }
        out.add(verdict.outcome().title() + lists);
        out.addAll(verdict.advice());
        List<String> safe = new ArrayList<>(out.size());
        for (String line : out) {
            safe.add(Printable.of(line));
        }
        return safe;
    }

    private static void addLayer(List<String> out, LayerResult result) {
        if (result.layer() == Layer.DECLARATION) {
            return;
        }
        StringBuilder line = new StringBuilder(result.headline());
        if (!result.detail().isEmpty()) {
            line.append(" ".repeat(Math.max(1, COLUMN - line.length()))).append(result.detail());
        }
        out.add(line.toString());
    }

    private static void addIntervals(List<String> out, Verdict verdict, int shown) {
        List<Interval> intervals = verdict.intervals();
        for (Interval interval : intervals.subList(0, Math.min(shown, intervals.size()))) {
            out.add("  " + interval.text());
        }
        long more = Math.max(0, intervals.size() - shown) + verdict.intervalsNotKept();
        if (more > 0) {
            out.add("  " + more + " more intervals: " + inReport(more, verdict.intervalsNotKept()));
        }
    }

    private static void addFindings(List<String> out, Verdict verdict, Layer layer, int shown) {
        int count = 0;
        long more = 0;
        long unkept = 0;
        for (Finding finding : verdict.findings()) {
            if (finding.layer() != layer) {
                continue;
            }
            if (finding.unkept() > 0) {
                unkept += finding.unkept();
                more += finding.unkept();
            } else if (++count <= shown) {
                out.add(line(finding));
                out.addAll(finding.details());
            } else {
                more++;
            }
        }
        if (more > 0) {
            out.add(more + " more findings: " + inReport(more, unkept));
        }
    }

    /** Of a layer and of intervals only so many are kept, and nothing has the others. */
    private static String inReport(long more, long unkept) {
        return unkept == 0
                ? "--report FILE has them all"
                : "--report FILE has " + (more - unkept) + " of them, the other " + unkept + " are counted only";
    }

    private static String line(Finding finding) {
        String file = finding.file();
        return file.isEmpty() || finding.message().contains(file) ? finding.message() : file + ": " + finding.message();
    }
}
