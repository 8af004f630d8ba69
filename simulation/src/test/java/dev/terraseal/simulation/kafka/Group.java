package dev.terraseal.simulation.kafka;

import dev.terraseal.simulation.Chance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.RebalanceInProgressException;

/** The sequencer's consumer group: one static member, its generation, the committed offset and those not yet decided. */
public final class Group {
    private final Map<String, Long> pending = new LinkedHashMap<>();
    private final List<Long> history = new ArrayList<>(List.of(-1L));
    private int durable;
    private int generation;
    private String member;

    Group() {}

    Group(Group other) {
        history.clear();
        history.add(other.committed());
        generation = other.generation;
    }

    /** −1 where nothing was ever committed. */
    public long committed() {
        return history.get(history.size() - 1);
    }

    boolean stable() {
        return pending.isEmpty();
    }

    /** A member comes in under its static name; whoever had it before is out. */
    int join(String name) {
        member = name;
        return ++generation;
    }

    String member() {
        return member;
    }

    void remove(String name) {
        if (name.equals(member)) {
            member = null;
            generation++;
        }
    }

    void require(int asked) {
        if (asked != generation) {
            throw new RebalanceInProgressException("generation " + asked + ", and the group is at " + generation);
        }
    }

    void pend(String id, long offset) {
        pending.put(id, offset);
    }

    void decide(String id, boolean commit) {
        Long offset = pending.remove(id);
        if (commit && offset != null) {
            history.add(offset);
        }
    }

    void set(long offset) {
        history.add(offset);
    }

    void sync() {
        durable = history.size() - 1;
    }

    void powerLoss(Chance chance) {
        int lost = history.size() - 1 - durable;
        for (int gone = lost == 0 ? 0 : chance.below(lost + 1); gone > 0; gone--) {
            history.remove(history.size() - 1);
        }
        durable = history.size() - 1;
        pending.clear();
        member = null;
        generation++;
    }
}
