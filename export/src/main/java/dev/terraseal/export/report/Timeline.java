package dev.terraseal.export.report;

import dev.terraseal.core.bytes.Timestamp;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Entries by when they were received, in at most {@link #BARS} steps that grow as the period does. */
final class Timeline {
    private static final int BARS = 96;
    private static final long SECOND = 1000;
    private static final long DAY = 86_400 * SECOND;

    /** Each a whole number of the one before, so that finer bars add up to coarser ones. */
    private static final List<Step> STEPS = List.of(
            new Step("1 second", SECOND),
            new Step("5 seconds", 5 * SECOND),
            new Step("15 seconds", 15 * SECOND),
            new Step("1 minute", 60 * SECOND),
            new Step("5 minutes", 300 * SECOND),
            new Step("15 minutes", 900 * SECOND),
            new Step("1 hour", 3600 * SECOND),
            new Step("6 hours", 6 * 3600 * SECOND),
            new Step("1 day", DAY),
            new Step("7 days", 7 * DAY),
            new Step("28 days", 28 * DAY),
            new Step("364 days", 364 * DAY),
            new Step("100 years", 36_400 * DAY),
            new Step("10,000 years", 3_640_000 * DAY));

    private record Step(String words, long millis) {}

    /** What a part of a bar stands for. */
    enum Kind {
        SUCCEEDED("ok"),
        OTHERWISE("bad"),
        NO_APPLY("rest");

        private final String style;

        Kind(String style) {
            this.style = style;
        }
    }

    private int at;
    private Step step = STEPS.get(0);
    private TreeMap<Long, Map<Kind, Long>> bars = new TreeMap<>();

    void add(Timestamp received, Kind kind) {
        put(bars, Math.floorDiv(received.epochMillis(), step.millis()), kind, 1);
        while (bars.lastKey() - bars.firstKey() >= BARS) {
            coarsen();
        }
    }

    private void coarsen() {
        Step next = STEPS.get(++at);
        long times = next.millis() / step.millis();
        TreeMap<Long, Map<Kind, Long>> coarser = new TreeMap<>();
        for (Map.Entry<Long, Map<Kind, Long>> bar : bars.entrySet()) {
            bar.getValue().forEach((kind, count) -> put(coarser, Math.floorDiv(bar.getKey(), times), kind, count));
        }
        bars = coarser;
        step = next;
    }

    private static void put(TreeMap<Long, Map<Kind, Long>> bars, long at, Kind kind, long count) {
        bars.computeIfAbsent(at, any -> new EnumMap<>(Kind.class)).merge(kind, count, Long::sum);
    }

    /** An SVG of the bars, and under it what one of them is. */
    void writeTo(Html out) {
        if (bars.isEmpty()) {
            return;
        }
        long first = bars.firstKey();
        long span = bars.lastKey() - first + 1;
        long highest = 1;
        for (Map<Kind, Long> bar : bars.values()) {
            highest = Math.max(highest, total(bar));
        }
        double width = Math.min(40, 960.0 / span);
        out.raw("<figure><svg class=\"timeline\" viewBox=\"0 0 960 150\" role=\"img\" aria-label=\"entries over"
                + " time\">");
        out.raw("<line class=\"axis\" x1=\"0\" y1=\"140.5\" x2=\"960\" y2=\"140.5\"/>");
        for (Map.Entry<Long, Map<Kind, Long>> bar : bars.entrySet()) {
            writeBar(out, bar.getValue(), (bar.getKey() - first) * width, width, 130.0 / highest, bar.getKey());
        }
        out.raw("</svg><figcaption><span>").text(when(first)).raw("</span><span>");
        out.raw("a bar is " + step.words() + ", the highest has ").number(highest);
        out.raw("</span><span>").text(when(first + span)).raw("</span></figcaption></figure>");
        out.raw("<p class=\"legend\"><i class=\"ok\"></i>applies that succeeded<i class=\"bad\"></i>applies that did"
                + " not<i class=\"rest\"></i>other entries</p>");
    }

    private void writeBar(Html out, Map<Kind, Long> bar, double x, double width, double unit, long at) {
        double y = 140;
        out.raw("<g><title>").text(when(at) + ": " + Html.counted(total(bar), "entry", "entries"));
        out.raw("</title>");
        for (Kind kind : Kind.values()) {
            double height = bar.getOrDefault(kind, 0L) * unit;
            if (height > 0) {
                y -= height;
                out.raw("<rect class=\"" + kind.style + "\" x=\"" + tenths(x) + "\" y=\"" + tenths(y) + "\" width=\""
                        + tenths(Math.max(1, width - 1.5)) + "\" height=\"" + tenths(height) + "\"/>");
            }
        }
        out.raw("</g>");
    }

    private String when(long at) {
        long millis = at * step.millis();
        String text = Timestamp.isWritable(millis) ? new Timestamp(millis).toString() : "";
        return step.millis() >= DAY || text.isEmpty()
                ? text.substring(0, Math.min(10, text.length()))
                : text.substring(0, 19).replace('T', ' ');
    }

    private static long total(Map<Kind, Long> bar) {
        return bar.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String tenths(double value) {
        long tenths = Math.round(value * 10);
        return tenths / 10 + "." + tenths % 10;
    }
}
