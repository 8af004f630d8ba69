package dev.terraseal.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions that nobody else will end: the coordinator holds them for finished, but a partition never got the
 * marker and hides everything from there on.
 *
 * <p>Kafka 4.3.1 makes them when a broker is killed between the decision and the markers: coming up again, its
 * coordinator may find a partition without a leader (it is being registered anew at that moment), takes it for deleted
 * and skips its marker ({@code TransactionMarkerChannelManager}: "likely deleted already and hence can be skipped").
 * Seen here about once in ten {@code kill -9} of broker and producer under load.
 *
 * <p>They are aborted, as {@code kafka-transactions.sh abort} would, even where the decision was to commit. Nobody has
 * read those records as committed, and each stage takes up its work at what its output holds, so they are made again.
 */
public final class HangingTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(HangingTransactions.class);
    private static final String OFFSETS = "__consumer_offsets";
    private static final Set<TransactionState> FINISHED =
            Set.of(TransactionState.EMPTY, TransactionState.COMPLETE_ABORT, TransactionState.COMPLETE_COMMIT);

    private final Admin admin;
    private final Predicate<String> ours;

    /** @param ours which transactional ids are of this stage; those of others are left alone */
    public HangingTransactions(Admin admin, Predicate<String> ours) {
        this.admin = admin;
        this.ours = ours;
    }

    private record Open(TopicPartition partition, long producerId, int epoch, long from, int coordinatorEpoch) {}

    /** Where the offsets of a group are kept: part of every transaction that moves them. Empty before the first group. */
    public List<TopicPartition> offsetsOf(String group) {
        if (!topics().contains(OFFSETS)) {
            return List.of();
        }
        TopicDescription offsets = TopicAdmin.get(
                        admin.describeTopics(List.of(OFFSETS)).allTopicNames(), "describe " + OFFSETS)
                .get(OFFSETS);
        return offsets == null
                ? List.of()
                : List.of(new TopicPartition(
                        OFFSETS,
                        (group.hashCode() & Integer.MAX_VALUE)
                                % offsets.partitions().size()));
    }

    private Set<String> topics() {
        return TopicAdmin.get(
                admin.listTopics(new ListTopicsOptions().listInternal(true)).names(), "list the topics");
    }

    /**
     * Call only after whoever wrote them is fenced, and before anything is written under the same id: what is written
     * after a hanging transaction would decide it as well.
     *
     * <p>Needs READ on the topics, and CLUSTER_ACTION only when there is something to abort. Where Kafka refuses, the
     * log says what to do, and whoever reads the partition stops with {@link UndecidedTransactionException}.
     *
     * @param partitions those of topics that do not exist are passed over
     * @return how many were aborted
     */
    public int abort(Collection<TopicPartition> partitions) {
        try {
            Set<String> topics = topics();
            List<TopicPartition> there = partitions.stream()
                    .filter(each -> topics.contains(each.topic()))
                    .toList();
            Set<Open> hanging = new HashSet<>(open(there));
            if (hanging.isEmpty()) {
                return 0;
            }
            Map<Long, String> finished = finished(hanging);
            hanging.removeIf(each -> !finished.containsKey(each.producerId()));
            // What was finished in between is not open any more; what is still open will stay so.
            hanging.retainAll(open(there));
            for (Open each : hanging) {
                abort(each, finished.getOrDefault(each.producerId(), ""));
            }
            return hanging.size();
        } catch (KafkaUnavailableException refused) {
            LOG.warn(
                    "action=end_hanging_transactions partitions={} result=unknown consequence=\"if one hangs, reading"
                            + " stops after {} s and says how to end it\" reason=\"{}\"",
                    partitions,
                    TopicEnd.PATIENCE.toSeconds(),
                    refused.getMessage());
            return 0;
        }
    }

    private List<Open> open(Collection<TopicPartition> partitions) {
        List<Open> open = new ArrayList<>();
        TopicAdmin.get(admin.describeProducers(partitions).all(), "say who writes to " + partitions)
                .forEach((partition, state) -> {
                    for (ProducerState producer : state.activeProducers()) {
                        if (producer.currentTransactionStartOffset().isPresent()) {
                            open.add(new Open(
                                    partition,
                                    producer.producerId(),
                                    producer.producerEpoch(),
                                    producer.currentTransactionStartOffset().getAsLong(),
                                    producer.coordinatorEpoch().orElse(0)));
                        }
                    }
                });
        return open;
    }

    /** The transactional ids of ours, by producer, whose newest transaction is through for the coordinator. */
    private Map<Long, String> finished(Set<Open> open) {
        List<Long> ids = open.stream().map(Open::producerId).distinct().toList();
        Map<Long, String> finished = new HashMap<>();
        for (TransactionListing listing : TopicAdmin.get(
                admin.listTransactions(new ListTransactionsOptions().filterProducerIds(ids))
                        .all(),
                "list the transactions of producers " + ids)) {
            if (ours.test(listing.transactionalId()) && FINISHED.contains(listing.state())) {
                finished.put(listing.producerId(), listing.transactionalId());
            }
        }
        return finished;
    }

    private void abort(Open open, String id) {
        TopicAdmin.get(
                admin.abortTransaction(new AbortTransactionSpec(
                                open.partition(), open.producerId(), (short) open.epoch(), open.coordinatorEpoch()))
                        .all(),
                "abort the hanging transaction of " + id + " at offset " + open.from() + " of " + open.partition());
        LOG.warn(
                "action=abort_hanging_transaction id={} partition={} offset={} reason=\"a broker was"
                        + " killed before it marked the partition, and skipped it when it came up\""
                        + " consequence=\"those records are made again\"",
                id,
                open.partition(),
                open.from());
    }
}
