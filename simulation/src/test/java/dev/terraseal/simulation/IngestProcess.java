package dev.terraseal.simulation;

import dev.terraseal.core.index.Answer;
import dev.terraseal.ingest.EventIntake;
import dev.terraseal.ingest.EventSender;
import dev.terraseal.ingest.Tokens;
import dev.terraseal.ingest.follow.KnownIds;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.SimulatedRequest;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.AttestationRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * One process of ingest: production {@code Access} and {@link Tokens} for who sends, {@link EventIntake} for the events
 * themselves, {@link KnownIds} and {@link EventSender}; put together as {@code EventsRoute} does, which hangs on a server's
 * socket and makes receipts in threads of its own.
 */
final class IngestProcess {
    private static final TopicPartition ATTESTATIONS = new TopicPartition(Topics.ATTESTATIONS, 0);

    private final EventPool pool;
    private final Defect defect;
    private final EventSender sender;
    private final KnownIds ids = new KnownIds();
    private final Consumer<byte[], byte[]> attestations;

    /** What became of one event: its offset, or −1 and the entry that has its stream and id. */
    record Answered(long offset, long entry, boolean conflict) {}

    IngestProcess(KafkaConnection kafka, EventPool pool, Defect defect) {
        this.pool = pool;
        this.defect = defect;
        sender = new EventSender(kafka.producer("ingest"), 0);
        attestations = kafka.consumer("ingest", ATTESTATIONS);
        attestations.seek(ATTESTATIONS, 0);
    }

    /** The events of a request that came with this token; throws where no caller has it. */
    List<EventIntake.Ready> prepare(String token, List<Pipelines.Wanted> wanted) throws ProblemException {
        Tokens.Caller caller = EventPool.ACCESS
                .require(SimulatedRequest.post("Bearer " + token))
                .orElseThrow();
        Tokens.Caller taken = defect.caller(token, caller);
        return wanted.stream().map(each -> pool.event(each, taken)).toList();
    }

    /** In order; throws when it is not known what became of them. */
    List<Answered> send(List<EventIntake.Ready> events) throws ProblemException, InterruptedException {
        List<Answered> answers = new ArrayList<>();
        List<EventSender.Outgoing> outgoing = new ArrayList<>();
        for (EventIntake.Ready event : events) {
            Answer known = ids.find(event.event().stream(), event.event().id(), event.contentDigest());
            if (known instanceof Answer.Same same) {
                answers.add(new Answered(-1, same.sequence(), false));
            } else if (known instanceof Answer.OtherContent other) {
                answers.add(new Answered(-1, other.sequence(), true));
            } else {
                answers.add(null);
                outgoing.add(new EventSender.Outgoing(event.event().stream(), event.framed()));
            }
        }
        List<Long> offsets = outgoing.isEmpty() ? List.of() : sender.send(outgoing);
        int next = 0;
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i) == null) {
                answers.set(i, new Answered(offsets.get(next++), -1, false));
            }
        }
        return answers;
    }

    void send(EventSender.Outgoing control) throws ProblemException, InterruptedException {
        sender.send(List.of(control));
    }

    void follow() {
        for (ConsumerRecord<byte[], byte[]> record : attestations.poll(Duration.ZERO)) {
            ids.add(AttestationRecord.decode(record.value()).statement());
        }
    }
}
