package dev.terraseal.sequencer;

import dev.terraseal.kafka.HangingTransactions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the transactions that a killed sequencer left open. Streams would fence it only when its thread starts, and before
 * that the committed offsets are asked for, which Kafka answers when that transaction has timed out: ten seconds of
 * standing still after every {@code kill -9}.
 *
 * <p>By a producer of the same transactional id and not by {@code Admin.fenceProducers}: that one comes back when the
 * abort has begun (KAFKA-16570), this one when every partition has its marker, so that what is read afterwards is decided.
 *
 * <p>The transactional ids are those Streams gives (application, process, thread); the process id lies in the state
 * directory. Where it is gone nothing can be fenced, and the start waits those seconds; as it does after a thread that
 * took the place of another ({@link Stalls}) was killed, for its number is higher than those looked for here.
 */
final class FormerLife {
    private static final Logger LOG = LoggerFactory.getLogger(FormerLife.class);
    private static final String FILE = "kafka-streams-process-metadata";
    private static final Pattern PROCESS_ID = Pattern.compile("\"processId\"\\s*:\\s*\"([0-9a-f-]{36})\"");

    private final SequencerConfig config;

    FormerLife(SequencerConfig config) {
        this.config = config;
    }

    /** Call only before this process's own sequencer runs, with the state directory held by nobody else. */
    void fence() {
        for (String id : transactionalIds()) {
            try (Producer<byte[], byte[]> successor = config.kafka().transactionalProducer(id)) {
                successor.initTransactions();
            } catch (KafkaException notEnded) {
                LOG.warn(
                        "action=fence id={} result=unknown consequence=\"the start may wait ten seconds\" reason=\"{}\"",
                        id,
                        notEnded.toString());
            }
        }
        try (Admin admin = config.kafka().admin(config.applicationId() + "-fence")) {
            HangingTransactions hanging =
                    new HangingTransactions(admin, id -> id.startsWith(config.applicationId() + "-"));
            hanging.abort(written(hanging.offsetsOf(config.applicationId())));
        }
    }

    /** Every partition that one transaction of Streams may have reached. */
    private List<TopicPartition> written(List<TopicPartition> offsets) {
        List<TopicPartition> written = new ArrayList<>(offsets);
        for (int log = 0; log < config.logs().size(); log++) {
            written.add(new TopicPartition(config.topics().sequenced(), log));
            written.add(new TopicPartition(config.topics().rejected(), log));
            written.add(new TopicPartition(config.topics().outcomes(), log));
            written.add(new TopicPartition(ChangelogTopic.name(config), log));
        }
        return written;
    }

    List<String> transactionalIds() {
        Path file = config.state().resolve(config.applicationId()).resolve(FILE);
        List<String> ids = new ArrayList<>();
        try {
            Matcher found = PROCESS_ID.matcher(Files.exists(file) ? Files.readString(file) : "");
            if (found.find()) {
                for (int thread = 1; thread <= config.logs().size(); thread++) {
                    ids.add(config.applicationId() + "-" + found.group(1) + "-" + thread);
                }
            }
        } catch (IOException unreadable) {
            LOG.warn("action=fence result=skipped file={} reason=\"{}\"", file, unreadable.toString());
        }
        return ids;
    }
}
