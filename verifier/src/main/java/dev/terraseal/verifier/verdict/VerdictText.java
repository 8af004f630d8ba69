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
                addIntervals(out, verdict.intervals(), shownPerLayer);
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

    private static void addIntervals(List<String> out, List<Interval> intervals, int shown) {
        for (Interval interval : intervals.subList(0, Math.min(shown, intervals.size()))) {
            out.add("  " + interval.text());
        }
        if (intervals.size() > shown) {
            out.add("  " + (intervals.size() - shown) + " more intervals: --report FILE has them all");
        }
    }

    private static void addFindings(List<String> out, Verdict verdict, Layer layer, int shown) {
        int count = 0;
        for (Finding finding : verdict.findings()) {
            if (finding.layer() != layer) {
                continue;
            }
            if (++count <= shown) {
                out.add(line(finding));
                out.addAll(finding.details());
            }
        }
        if (count > shown) {
            out.add((count - shown) + " more findings: --report FILE has them all");
        }
    }

    private static String line(Finding finding) {
        String file = finding.file();
        return file.isEmpty() || finding.message().contains(file) ? finding.message() : file + ": " + finding.message();
    }
}
