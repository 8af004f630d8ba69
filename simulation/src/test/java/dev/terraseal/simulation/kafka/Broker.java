package dev.terraseal.simulation.kafka;

import dev.terraseal.kafka.Topics;
import dev.terraseal.simulation.Chance;
import dev.terraseal.simulation.Time;
import dev.terraseal.simulation.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.Header;

/** Topics of one partition each, the transaction coordinator and the coordinator of the sequencer's group. */
public final class Broker {
    /** As the sequencer's and the signer's producers ask for. */
    private static final long TRANSACTION_LIMIT_MILLIS = 10_000;

    private final Map<String, Partition> partitions = new LinkedHashMap<>();
    private final Map<String, Transactional> producers = new LinkedHashMap<>();
    private final Group group;
    private final Time time;
    private final Chance chance;

    /** What the coordinator knows of a transactional id. */
    private static final class Transactional {
        private int epoch = -1;
        private long began = -1;
        private long transaction;
        private final List<Partition> written = new ArrayList<>();
        private long offset = -1;
        private final List<Runnable> markers = new ArrayList<>();

        boolean ongoing() {
            return began >= 0;
        }
    }

    public Broker(Time time, Chance chance, Trace trace, String changelog) {
        this.time = time;
        this.chance = chance;
        this.group = new Group();
        for (String topic : List.of(
                Topics.EVENTS,
                Topics.SEQUENCED,
                Topics.ATTESTATIONS,
                Topics.CHECKPOINTS,
                Topics.OUTCOMES,
                Topics.REJECTED,
                changelog)) {
            boolean flushed = topic.equals(Topics.EVENTS) || topic.equals(Topics.REJECTED);
            partitions.put(topic, new Partition(topic, flushed, trace));
        }
    }

    /** A copy of a broker at rest. */
    public Broker(Broker other, Time time, Chance chance, Trace trace) {
        this.time = time;
        this.chance = chance;
        other.settle();
        other.partitions.forEach((topic, partition) -> partitions.put(topic, new Partition(partition, trace)));
        this.group = new Group(other.group);
    }

    public Partition partition(String topic) {
        Partition partition = partitions.get(topic);
        if (partition == null) {
            throw new IllegalArgumentException("there is no topic " + topic);
        }
        return partition;
    }

    public Iterable<Partition> partitions() {
        return partitions.values();
    }

    public Group group() {
        return group;
    }

    /** A record that somebody writes past ingest or past a stage. */
    public long write(String topic, byte[] key, byte[] value, Header... headers) {
        return partition(topic).append(appendTime(), key, value, headers, null);
    }

    long appendTime() {
        return time.wall();
    }

    long produce(String topic, byte[] key, byte[] value, Header[] headers) {
        return partition(topic).append(appendTime(), key, value, headers, null);
    }

    /** Fences every older producer of the id and ends its transaction; returns when that is decided everywhere. */
    int init(String id) {
        Transactional producer = producers.computeIfAbsent(id, unused -> new Transactional());
        deliver(producer, Integer.MAX_VALUE);
        if (producer.ongoing()) {
            decide(producer, id, false);
        }
        deliver(producer, Integer.MAX_VALUE);
        return ++producer.epoch;
    }

    long produce(String id, int epoch, String topic, byte[] key, byte[] value, Header[] headers) {
        Transactional producer = current(id, epoch);
        begin(producer);
        Partition partition = partition(topic);
        if (!producer.written.contains(partition)) {
            producer.written.add(partition);
        }
        return partition.append(appendTime(), key, value, headers, partition.span(id + "#" + producer.transaction));
    }

    void offsets(String id, int epoch, long offset, int generation) {
        Transactional producer = current(id, epoch);
        group.require(generation);
        begin(producer);
        producer.offset = offset;
        group.pend(id, offset);
    }

    /** Decides the transaction; its markers arrive later. The id's next epoch comes back. */
    int end(String id, int epoch, boolean commit) {
        Transactional producer = current(id, epoch);
        if (producer.ongoing()) {
            decide(producer, id, commit);
        }
        return ++producer.epoch;
    }

    private Transactional current(String id, int epoch) {
        Transactional producer = producers.get(id);
        if (producer == null || epoch > producer.epoch) {
            throw new InvalidProducerEpochException(id + " is not known any more");
        }
        if (epoch < producer.epoch) {
            throw new ProducerFencedException(id + " has epoch " + producer.epoch + ", this producer " + epoch);
        }
        return producer;
    }

    private void begin(Transactional producer) {
        // The broker answers CONCURRENT_TRANSACTIONS until the one before is complete, and the client tries again.
        deliver(producer, Integer.MAX_VALUE);
        if (!producer.ongoing()) {
            producer.began = time.now();
            producer.transaction++;
        }
    }

    private void decide(Transactional producer, String id, boolean commit) {
        for (Partition partition : producer.written) {
            Span span = partition.find(id + "#" + producer.transaction);
            if (span != null) {
                span.decided = commit ? Span.State.COMMITTED : Span.State.ABORTED;
                producer.markers.add(() -> {
                    if (partition.open().contains(span)) {
                        partition.mark(span, commit, appendTime());
                    }
                });
            }
        }
        if (producer.offset >= 0) {
            producer.markers.add(() -> group.decide(id, commit));
        }
        producer.written.clear();
        producer.offset = -1;
        producer.began = -1;
    }

    private void deliver(Transactional producer, int atMost) {
        for (int i = 0; i < atMost && !producer.markers.isEmpty(); i++) {
            producer.markers.remove(chance.below(producer.markers.size())).run();
        }
    }

    /** Some time passes for the broker: a few markers arrive, a transaction that took too long is aborted. */
    public void work(int markers) {
        producers.forEach((id, producer) -> {
            if (producer.ongoing() && time.now() - producer.began > TRANSACTION_LIMIT_MILLIS) {
                decide(producer, id, false);
                producer.epoch++;
            }
            deliver(producer, markers);
        });
    }

    /** Whether any marker is on its way. */
    public boolean undecided() {
        return producers.values().stream().anyMatch(producer -> !producer.markers.isEmpty() || producer.ongoing());
    }

    /** Everything open is aborted, every marker arrives. */
    public void settle() {
        producers.forEach((id, producer) -> {
            deliver(producer, Integer.MAX_VALUE);
            if (producer.ongoing()) {
                decide(producer, id, false);
                producer.epoch++;
            }
            deliver(producer, Integer.MAX_VALUE);
        });
    }

    /** The operating system wrote some partitions to the disk. */
    public void sync() {
        for (Partition partition : partitions.values()) {
            if (chance.below(2) == 0) {
                partition.sync();
            }
        }
        if (chance.below(2) == 0) {
            group.sync();
        }
    }

    /**
     * The machine loses power and comes back. Each partition and the group's offset roll back on their own; what the
     * coordinator had decided of a transaction that is open again may be lost as well, and it is then aborted.
     */
    public void powerLoss() {
        for (Partition partition : partitions.values()) {
            long lost = partition.end() - partition.durable();
            partition.cut(partition.durable() + (lost == 0 ? 0 : chance.below((int) lost + 1)));
        }
        // A decision of which one marker is on the disk is known; of any other it is as it happens.
        Map<String, Boolean> kept = new LinkedHashMap<>();
        partitions.values().forEach(partition -> partition.decided(owner -> kept.put(owner, true)));
        for (Partition partition : partitions.values()) {
            for (Span span : partition.open()) {
                boolean known = kept.computeIfAbsent(span.owner, unused -> chance.below(2) == 0);
                partition.mark(span, known && span.decided == Span.State.COMMITTED, appendTime());
            }
            partition.sync();
        }
        // Every producer begins anew; a transaction keeps its number, so that none is taken for one before.
        producers.values().forEach(producer -> {
            producer.began = -1;
            producer.written.clear();
            producer.markers.clear();
            producer.offset = -1;
        });
        group.powerLoss(chance);
    }
}
