package dev.terraseal.bench.plot;

import java.util.List;
import java.util.Locale;

/** Shapes and text of one picture, in the order in which they are drawn. Lengths are pixels. */
final class Svg {
    static final String INK = "#222";
    static final String QUIET = "#777";
    static final String OWN = "#1f6feb";
    static final String REFERENCE = "#d97706";

    private final StringBuilder out = new StringBuilder();

    record Point(double x, double y) {}

    Svg(int width, int height) {
        out.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
                width,
                height,
                width,
                height));
    }

    void text(double x, double y, String anchor, String colour, int size, String text) {
        out.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\" font-size=\"%d\">%s</text>\n",
                x,
                y,
                anchor,
                colour,
                size,
                escaped(text)));
    }

    void line(Point from, Point to, String colour, double width) {
        out.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"/>\n",
                from.x(),
                from.y(),
                to.x(),
                to.y(),
                colour,
                width));
    }

    /** A line through all of them, each with a dot. */
    void through(List<Point> points, String colour, boolean dashed) {
        StringBuilder path = new StringBuilder();
        for (Point point : points) {
            path.append(String.format(Locale.ROOT, "%.1f,%.1f ", point.x(), point.y()));
        }
        out.append(String.format(
                Locale.ROOT,
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>\n",
                path.toString().trim(),
                colour,
                dashed ? " stroke-dasharray=\"5 4\"" : ""));
        for (Point point : points) {
            out.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n",
                    point.x(),
                    point.y(),
                    colour));
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** The whole file. */
    String end() {
        return out + "</svg>\n";
    }
}
