package dev.terraseal.bench.plot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.terraseal.bench.plot.Svg.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * One answer of a bench as one picture: for each kind of round a panel with what was measured, round by round, and its
 * reference, from zero up; below them the further numbers.
 */
public final class Plot {
    private static final int WIDTH = 860;
    private static final int PANEL = 230;
    private static final int LEFT = 90;
    private static final int RIGHT = 24;
    private static final int HEAD = 62;
    private static final int LINE = 18;
    private static final int GRID = 4;

    private final JsonNode answer;
    private final Map<String, List<JsonNode>> panels = new LinkedHashMap<>();

    /** @throws IllegalArgumentException if it is no answer of a bench */
    public Plot(JsonNode answer) {
        for (String member : List.of("bench", "unit", "value", "reference", "ratio", "rounds", "also")) {
            if (!answer.has(member)) {
                throw new IllegalArgumentException("no answer of a bench: it has no member " + member);
            }
        }
        this.answer = answer;
        for (JsonNode round : answer.get("rounds")) {
            panels.computeIfAbsent(round.get("what").asText(), unused -> new ArrayList<>())
                    .add(round);
        }
    }

    /** The picture as an SVG file. */
    public String svg() {
        int height = HEAD + panels.size() * PANEL + (answer.get("also").size() + 2) * LINE;
        Svg svg = new Svg(WIDTH, height);
        svg.text(
                20,
                26,
                "start",
                Svg.INK,
                17,
                answer.get("bench").asText() + ", " + answer.get("unit").asText());
        svg.text(20, 46, "start", Svg.QUIET, 12, headline());
        svg.text(WIDTH - RIGHT, 26, "end", Svg.OWN, 12, "● measured");
        svg.text(WIDTH - RIGHT, 46, "end", Svg.REFERENCE, 12, "● reference, same run");
        int top = HEAD;
        for (Map.Entry<String, List<JsonNode>> panel : panels.entrySet()) {
            panel(svg, top, panel.getKey(), panel.getValue());
            top += PANEL;
        }
        further(svg, top + LINE);
        return svg.end();
    }

    /** Answers kept before they said what their numbers are of are all about their first kind of round. */
    private String headline() {
        JsonNode what = answer.get("what");
        JsonNode how = answer.get("how");
        return String.format(
                Locale.ROOT,
                "%s%s, reference %s, ratio %.2f%s",
                what == null ? "median " : what.asText() + ": ",
                number(answer.get("value").asDouble()),
                number(answer.get("reference").asDouble()),
                answer.get("ratio").asDouble(),
                how == null ? "" : " (" + how.asText() + ")");
    }

    private void panel(Svg svg, int top, String what, List<JsonNode> rounds) {
        double most = 0;
        for (JsonNode round : rounds) {
            most = Math.max(
                    most,
                    Math.max(
                            round.get("value").asDouble(),
                            round.get("reference").asDouble()));
        }
        double scale = above(most);
        int bottom = top + PANEL - 34;
        int height = PANEL - 64;
        svg.text(LEFT, top + 16, "start", Svg.INK, 13, what);
        for (int i = 0; i <= GRID; i++) {
            double y = bottom - height * i / (double) GRID;
            svg.line(new Point(LEFT, y), new Point(WIDTH - RIGHT, y), i == 0 ? Svg.INK : "#ddd", 1);
            svg.text(LEFT - 8, y + 4, "end", Svg.QUIET, 11, number(scale * i / GRID));
        }
        int every = Math.max(1, rounds.size() / 12);
        for (int i = 0; i < rounds.size(); i += every) {
            svg.text(x(i, rounds.size()), bottom + 16, "middle", Svg.QUIET, 11, Integer.toString(i + 1));
        }
        svg.through(
                points(rounds, round -> round.get("reference").asDouble(), scale, bottom, height), Svg.REFERENCE, true);
        svg.through(points(rounds, round -> round.get("value").asDouble(), scale, bottom, height), Svg.OWN, false);
    }

    private static List<Point> points(
            List<JsonNode> rounds, ToDoubleFunction<JsonNode> of, double scale, int bottom, int height) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < rounds.size(); i++) {
            points.add(new Point(x(i, rounds.size()), bottom - height * of.applyAsDouble(rounds.get(i)) / scale));
        }
        return points;
    }

    private static double x(int i, int count) {
        double room = WIDTH - RIGHT - LEFT - 40.0;
        return LEFT + 20 + (count == 1 ? room / 2 : room * i / (count - 1));
    }

    private void further(Svg svg, int top) {
        int y = top;
        for (JsonNode each : answer.get("also")) {
            svg.text(20, y, "start", Svg.INK, 12, each.get("what").asText());
            svg.text(
                    WIDTH / 2.0 + 70,
                    y,
                    "end",
                    Svg.INK,
                    12,
                    number(each.get("value").asDouble()) + " "
                            + each.get("unit").asText());
            svg.text(
                    WIDTH / 2.0 + 84,
                    y,
                    "start",
                    Svg.QUIET,
                    12,
                    each.get("note").asText());
            y += LINE;
        }
    }

    /** The next of 1, 2, 2.5 and 5 with zeros that is not below. */
    static double above(double most) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(most, 1e-9))));
        for (double step : new double[] {1, 2, 2.5, 5, 10}) {
            if (step * power >= most) {
                return step * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.2f", value);
    }
}
