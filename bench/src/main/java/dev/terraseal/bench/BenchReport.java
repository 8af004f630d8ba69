package dev.terraseal.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a bench found, in the form of {@code bench --json}.
 *
 * @param value median of what was measured, in {@code unit}
 * @param reference median of the line it is compared with, in the same unit
 * @param ratio median of the ratios of the rounds, which is not the ratio of the medians
 */
public record BenchReport(
        String bench, String unit, double value, double reference, double ratio, List<Round> rounds, List<Also> also) {

    /** One paired round. */
    public record Round(String what, double value, double reference) {
        public double ratio() {
            return value / reference;
        }
    }

    /** A further number worth knowing, with the target it is held to where there is one. */
    public record Also(String what, String unit, double value, String note) {}

    public BenchReport {
        rounds = List.copyOf(rounds);
        also = List.copyOf(also);
    }

    /** The medians of rounds of one kind. */
    public static BenchReport of(String bench, String unit, List<Round> rounds, List<Also> also) {
        return new BenchReport(
                bench,
                unit,
                median(rounds.stream().map(Round::value).toList()),
                median(rounds.stream().map(Round::reference).toList()),
                median(rounds.stream().map(Round::ratio).toList()),
                rounds,
                also);
    }

    /** The middle value; of an even number the mean of the two in the middle. */
    public static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        sorted.sort(null);
        int size = sorted.size();
        return size == 0 ? Double.NaN : (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
    }

    /** One line of JSON. */
    public String json() {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        root.put("bench", bench).put("unit", unit);
        root.put("value", rounded(value)).put("reference", rounded(reference)).put("ratio", rounded(ratio));
        ArrayNode all = root.putArray("rounds");
        for (Round round : rounds) {
            all.addObject()
                    .put("what", round.what())
                    .put("value", rounded(round.value()))
                    .put("reference", rounded(round.reference()))
                    .put("ratio", rounded(round.ratio()));
        }
        ArrayNode further = root.putArray("also");
        for (Also each : also) {
            further.addObject()
                    .put("what", each.what())
                    .put("unit", each.unit())
                    .put("value", rounded(each.value()))
                    .put("note", each.note());
        }
        try {
            return mapper.writeValueAsString(root);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a report of numbers and texts is always JSON", impossible);
        }
    }

    /** For people: the ratio first, then a line a further number. */
    public String text() {
        StringBuilder text = new StringBuilder(String.format(
                "%s: %,.2f %s, reference %,.2f, ratio %.2f (median of %d rounds)\n",
                bench, value, unit, reference, ratio, rounds.size()));
        for (Also each : also) {
            text.append(
                    String.format("  %-52s %,12.2f %-10s %s\n", each.what(), each.value(), each.unit(), each.note()));
        }
        return text.toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
