package dev.terraseal.simulation.kafka;

import dev.terraseal.simulation.Trace;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;

/** The one partition of a topic. */
public final class Partition {
    private final String topic;
    final Uuid id;
    /** Whether a record is on the disk before it is acknowledged. */
    final boolean flushed;

    private final Trace trace;
    private final List<Rec> records = new ArrayList<>();
    private final List<Span> open = new ArrayList<>();
    private long durable;
    private int cuts;

    Partition(String topic, boolean flushed, Trace trace) {
        this.topic = topic;
        this.trace = trace;
        this.id = new Uuid(7, topic.hashCode());
        this.flushed = flushed;
    }

    Partition(Partition other, Trace trace) {
        this(other.topic, other.flushed, trace);
        if (!other.open.isEmpty()) {
            throw new IllegalStateException(topic + " has an open transaction and cannot be copied");
        }
        Map<Span, Span> spans = new IdentityHashMap<>();
        for (Rec rec : other.records) {
            records.add(rec.in(rec.span() == null ? null : spans.computeIfAbsent(rec.span(), Span::new)));
        }
        durable = other.durable;
    }

    public String topic() {
        return topic;
    }

    /** One past the last record or marker. */
    public long end() {
        return records.size();
    }

    /** Where read_committed ends: the first record of the oldest open transaction. */
    public long stable() {
        long stable = end();
        for (Span span : open) {
            stable = Math.min(stable, span.first);
        }
        return stable;
    }

    public Rec at(long offset) {
        return records.get(Math.toIntExact(offset));
    }

    /** Grows whenever records that were here are gone, so that readers know to begin anew. */
    public int cuts() {
        return cuts;
    }

    Span span(String owner) {
        for (Span span : open) {
            if (span.owner.equals(owner)) {
                return span;
            }
        }
        Span begun = new Span(owner, end());
        open.add(begun);
        return begun;
    }

    Span find(String owner) {
        return open.stream()
                .filter(span -> span.owner.equals(owner))
                .findFirst()
                .orElse(null);
    }

    long append(long timestamp, byte[] key, byte[] value, Header[] headers, Span span) {
        records.add(new Rec(end(), timestamp, key, value, headers, span, false));
        trace.add(topic);
        trace.add(timestamp);
        trace.add(key);
        trace.add(value);
        for (Header header : headers) {
            trace.add(header.key());
            trace.add(header.value());
        }
        if (flushed) {
            durable = end();
        }
        return end() - 1;
    }

    /** Names the transactions that are committed here, as far back as one can matter. */
    void decided(java.util.function.Consumer<String> each) {
        for (int at = records.size() - 1; at >= Math.max(0, records.size() - 200); at--) {
            Rec rec = records.get(at);
            if (rec.marker() && rec.span().state == Span.State.COMMITTED) {
                each.accept(rec.span().owner);
            }
        }
    }

    void mark(Span span, boolean commit, long timestamp) {
        span.decided = commit ? Span.State.COMMITTED : Span.State.ABORTED;
        span.state = span.decided;
        open.remove(span);
        records.add(new Rec(end(), timestamp, null, null, null, span, true));
        trace.add(topic);
        trace.add(commit ? 1 : 0);
        if (flushed) {
            durable = end();
        }
    }

    /** What was written by now reached the disk, as the operating system does by itself from time to time. */
    void sync() {
        durable = end();
    }

    long durable() {
        return durable;
    }

    /** Records from {@code to} on are gone; a transaction whose marker is among them is open again. */
    void cut(long to) {
        if (to >= end()) {
            return;
        }
        cuts++;
        trace.add(topic);
        trace.add(to);
        while (end() > to) {
            Rec gone = records.remove(records.size() - 1);
            if (gone.marker() && gone.span().first < to) {
                gone.span().state = Span.State.OPEN;
                open.add(gone.span());
            }
        }
        open.removeIf(span -> span.first >= to);
        durable = Math.min(durable, to);
    }

    List<Span> open() {
        return List.copyOf(open);
    }
}
