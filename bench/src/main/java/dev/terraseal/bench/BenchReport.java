package dev.terraseal.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a bench found, in the form of {@code bench --json}.
 *
 * @param headline what the answer is about, with rounds of several kinds the first of them
 * @param also further numbers, without rounds
 */
public record BenchReport(String bench, String unit, Headline headline, List<Round> rounds, List<Also> also) {

    /**
     * One number beside its reference.
     *
     * @param how what {@code ratio} is of the rounds: a median of ratios is not the ratio of the medians
     */
    public record Headline(String what, double value, double reference, double ratio, String how) {
        /** The medians of rounds, of which there is at least one. */
        static Headline of(List<Round> rounds) {
            List<Double> ratios = rounds.stream().map(Round::ratio).sorted().toList();
            return new Headline(
                    rounds.get(0).what(),
                    median(rounds.stream().map(Round::value).toList()),
                    median(rounds.stream().map(Round::reference).toList()),
                    median(ratios),
                    String.format(
                            Locale.ROOT,
                            "medians of %d, the ratio that of the rounds' own, %.2f to %.2f",
                            rounds.size(),
                            ratios.get(0),
                            ratios.get(ratios.size() - 1)));
        }
    }

    /**
     * One paired round.
     *
     * @param what its kind, with the unit where that is not the report's
     */
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

    /** Of rounds of one kind or several; the first kind is what the answer is about. */
    public static BenchReport of(String bench, String unit, List<Round> rounds, List<Also> also) {
        return new BenchReport(
                bench, unit, Headline.of(kinds(rounds).values().iterator().next()), rounds, also);
    }

    public double value() {
        return headline.value();
    }

    public double reference() {
        return headline.reference();
    }

    public double ratio() {
        return headline.ratio();
    }

    private static Map<String, List<Round>> kinds(List<Round> rounds) {
        Map<String, List<Round>> kinds = new LinkedHashMap<>();
        for (Round round : rounds) {
            kinds.computeIfAbsent(round.what(), unused -> new ArrayList<>()).add(round);
        }
        return kinds;
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
        root.put("what", headline.what());
        root.put("value", rounded(value()))
                .put("reference", rounded(reference()))
                .put("ratio", rounded(ratio()));
        root.put("how", headline.how());
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

    /** For people: the answer first, then every other kind of round, then a line a further number. */
    public String text() {
        StringBuilder text = new StringBuilder(String.format(
                "%s: %s: %,.2f %s, reference %,.2f, ratio %.2f (%s)\n",
                bench, headline.what(), value(), unit, reference(), ratio(), headline.how()));
        kinds(rounds).forEach((what, same) -> {
            if (!what.equals(headline.what())) {
                Headline other = Headline.of(same);
                text.append(String.format(
                        "  %s: %,.2f, reference %,.2f, ratio %.2f (%s)\n",
                        what, other.value(), other.reference(), other.ratio(), other.how()));
            }
        });
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
