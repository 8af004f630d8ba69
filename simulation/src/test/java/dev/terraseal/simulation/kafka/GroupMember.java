package dev.terraseal.simulation.kafka;

import dev.terraseal.simulation.Call;
import dev.terraseal.simulation.Life;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;

/** The sequencer's group and its changelog, as Kafka Streams inside one process sees them. */
public final class GroupMember {
    private final Broker broker;
    private int generation = -1;

    public GroupMember(Broker broker) {
        this.broker = broker;
    }

    public void join(String member, Calls calls, Life life) {
        generation = calls.<Integer, RuntimeException>make(
                life,
                Call.SEQUENCER_JOIN,
                () -> broker.group().join(member),
                fault -> new TimeoutException("join met " + fault));
    }

    public int generation() {
        return generation;
    }

    /** The committed offset, once no transaction over it is undecided. */
    public long committedWhenStable(Calls calls, Life life) {
        return calls.<Long, RuntimeException>make(
                life,
                Call.SEQUENCER_COMMITTED,
                () -> {
                    while (!broker.group().stable()) {
                        calls.idle(life, 100);
                        broker.work(1);
                    }
                    if (broker.group().committed() < 0) {
                        throw new IllegalStateException("the group has no offset and must not choose one by itself");
                    }
                    return broker.group().committed();
                },
                fault -> new TimeoutException("committed met " + fault));
    }

    /** Key and value of every committed record; waits for what is undecided, as Streams does. */
    public List<byte[][]> changelog(String topic, Calls calls, Life life, Call call) {
        return calls.<List<byte[][]>, RuntimeException>make(
                life,
                call,
                () -> {
                    Partition partition = broker.partition(topic);
                    while (partition.stable() < partition.end()) {
                        calls.idle(life, 100);
                        broker.work(1);
                    }
                    List<byte[][]> records = new ArrayList<>();
                    for (long offset = 0; offset < partition.end(); offset++) {
                        Rec rec = partition.at(offset);
                        if (!rec.marker() && (rec.span() == null || rec.span().state() == Span.State.COMMITTED)) {
                            records.add(new byte[][] {rec.key(), rec.value()});
                        }
                    }
                    return records;
                },
                fault -> new TimeoutException("restore met " + fault));
    }
}
