package dev.terraseal.cli.doctor;

import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.TopicFinding;
import dev.terraseal.kafka.Topics;
import dev.terraseal.settings.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Whether a topic could lose evidence, and what the newest event says of the brokers' clock. */
public final class TopicsCheck {
    private static final String NAME = "topics";

    private final Report report;
    private final InstantSource clock;

    /** What is configured: the brokers, and the topics as they are to be. */
    public record Wanted(KafkaConnection kafka, Topics topics) {

        /** Empty where no broker is named. What is wrong is noted in {@code settings}. */
        public static Optional<Wanted> from(Settings settings) {
            boolean named = settings.optional(KafkaConnection.BOOTSTRAP).isPresent();
            Topics topics = Topics.from(settings);
            return named ? Optional.of(new Wanted(KafkaConnection.from(settings), topics)) : Optional.empty();
        }
    }

    public TopicsCheck(Report report, InstantSource clock) {
        this.report = report;
        this.clock = clock;
    }

    public void look(Wanted wanted) {
        try (Admin admin = wanted.kafka().admin("terraseal-doctor")) {
            List<TopicFinding> findings = new TopicAdmin(admin).check(wanted.topics());
            findings.forEach(finding -> report.mend(NAME, finding.text()));
            if (findings.isEmpty()) {
                report.well(NAME, "all are as evidence needs them");
            }
            boolean absent = findings.stream()
                    .anyMatch(each -> each.topic().equals(Topics.EVENTS) && "absent".equals(each.found()));
            if (!absent) {
                lookAtClock(admin, wanted.topics().logs());
            }
        } catch (KafkaUnavailableException silent) {
            report.silent(NAME, String.valueOf(silent.getMessage()));
        } catch (KafkaException silent) {
            report.silent(NAME, String.valueOf(new KafkaUnavailableException("Kafka", silent).getMessage()));
        }
    }

    /** Kafka tells no time. What it stamped last bounds its clock from one side; the other takes a write. */
    private void lookAtClock(Admin admin, int logs) {
        Map<TopicPartition, OffsetSpec> asked = IntStream.range(0, logs)
                .boxed()
                .collect(Collectors.toMap(
                        each -> new TopicPartition(Topics.EVENTS, each), each -> OffsetSpec.maxTimestamp()));
        long newest = TopicAdmin.get(admin.listOffsets(asked).all(), "say when the newest event came").values().stream()
                .mapToLong(ListOffsetsResultInfo::timestamp)
                .max()
                .orElse(-1);
        if (newest < 0) {
            report.notTried("clock", "the brokers' clock: there is no event yet, and only a write would show it");
            return;
        }
        Duration since = Duration.between(Instant.ofEpochMilli(newest), clock.instant());
        if (since.negated().compareTo(ClockDifference.MOST) > 0) {
            report.mend(
                    "clock",
                    "the newest event was stamped " + since.negated().toMillis() + " ms from now by its broker's clock"
                            + " (up to " + ClockDifference.MOST.toSeconds()
                            + " s is well): receivedAt of every entry comes"
                            + " from that clock. Set the wrong one of the two (NTP)");
        } else {
            report.well(
                    "clock",
                    "the newest event was stamped " + since.toMillis() + " ms ago by its broker's clock: that clock is"
                            + " at most so far behind this machine's. How far ahead it may be a newer event would show");
        }
    }
}
