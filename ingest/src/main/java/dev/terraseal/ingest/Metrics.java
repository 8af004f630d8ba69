package dev.terraseal.ingest;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counters and gauges in the Prometheus text format (version 0.0.4). Names begin with {@code terraseal_}. */
public final class Metrics {
    private final Map<String, LongAdder> counters = new ConcurrentSkipListMap<>();
    private final Map<String, LongSupplier> gauges = new ConcurrentSkipListMap<>();

    /** Adds to a counter; {@code labels} is the part between braces, {@code outcome="accepted"}, or empty. */
    public void count(String name, String labels, long more) {
        counters.computeIfAbsent(labels.isEmpty() ? name : name + "{" + labels + "}", key -> new LongAdder())
                .add(more);
    }

    public void gauge(String name, LongSupplier value) {
        gauges.put(name, value);
    }

    public String text() {
        StringBuilder out = new StringBuilder();
        String before = "";
        for (Map.Entry<String, LongAdder> counter : counters.entrySet()) {
            String plain = counter.getKey().replaceAll("\\{.*", "");
            if (!plain.equals(before)) {
                out.append("# TYPE ").append(plain).append(" counter\n");
                before = plain;
            }
            out.append(counter.getKey())
                    .append(' ')
                    .append(counter.getValue().sum())
                    .append('\n');
        }
        for (Map.Entry<String, LongSupplier> gauge : new TreeMap<>(gauges).entrySet()) {
            out.append("# TYPE ").append(gauge.getKey()).append(" gauge\n");
            out.append(gauge.getKey())
                    .append(' ')
                    .append(gauge.getValue().getAsLong())
                    .append('\n');
        }
        return out.toString();
    }
}
