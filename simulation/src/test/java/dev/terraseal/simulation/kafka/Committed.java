package dev.terraseal.simulation.kafka;

import java.util.ArrayList;
import java.util.List;

/** Reads what is new among the committed records of a topic; begins anew where records that were there are gone. */
public final class Committed {
    private final String topic;
    private Partition partition;
    private long next;
    private int cuts;
    private boolean anew;

    public Committed(String topic) {
        this.topic = topic;
    }

    /** The committed records since the last call. {@link #anew} says whether they are all from the first on. */
    public List<Rec> read(Broker broker) {
        Partition now = broker.partition(topic);
        anew = now != partition || now.cuts() != cuts;
        if (anew) {
            partition = now;
            cuts = now.cuts();
            next = 0;
        }
        List<Rec> records = List.of();
        for (long end = now.stable(); next < end; next++) {
            Rec rec = now.at(next);
            if (!rec.marker() && (rec.span() == null || rec.span().state() == Span.State.COMMITTED)) {
                records = records.isEmpty() ? new ArrayList<>() : records;
                records.add(rec);
            }
        }
        return records;
    }

    public boolean anew() {
        return anew;
    }
}
