package dev.terraseal.sequencer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.LogPlace;
import dev.terraseal.kafka.Topics;
import dev.terraseal.settings.FileFailure;
import dev.terraseal.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What may be chosen about the sequencer. What safety depends on (exactly once, isolation, acknowledgements) may not.
 *
 * @param applicationId consumer group, prefix of transactional ids and of the changelog topic; the same for ever
 * @param instance name of this one among those of the group; two that run at once with one name fence each other
 * @param state directory of the state store; kept over restarts, or else a restart takes ten seconds longer
 * @param logs log k lives on partition k of every topic
 * @param floors sizes the logs are known to have had, from their archives; 0 where nothing is known
 * @param replication copies of the changelog topic; {@code minInsync} of them acknowledge
 * @param commitInterval how long events are collected into one transaction: most of the latency; longer while they pile up
 */
public record SequencerConfig(
        KafkaConnection kafka,
        String applicationId,
        String instance,
        Path state,
        List<LogDeclaration> logs,
        List<Long> floors,
        int replication,
        int minInsync,
        Duration commitInterval,
        SequencerTopics topics) {

    public static final String APPLICATION = "terraseal-sequencer";
    public static final Duration COMMIT_INTERVAL = Duration.ofMillis(20);

    private static final Duration COMMIT_INTERVAL_MAX = Duration.ofSeconds(5);

    /** So many times as long while events pile up. */
    private static final int LONGER = 5;

    /** Well below what a transaction may take. */
    private static final Duration LONGER_AT_MOST = Duration.ofSeconds(1);

    public SequencerConfig {
        logs = List.copyOf(logs);
        floors = List.copyOf(floors);
        if (floors.size() != logs.size()) {
            throw new IllegalArgumentException(
                    logs.size() + " logs with " + floors.size() + " floors; there is one of each a partition");
        }
    }

    /** How long events are collected into one transaction while they pile up. */
    public Duration longestCommitInterval() {
        Duration longer = commitInterval.multipliedBy(LONGER);
        Duration most = longer.compareTo(LONGER_AT_MOST) < 0 ? longer : LONGER_AT_MOST;
        return most.compareTo(commitInterval) < 0 ? commitInterval : most;
    }

    /** The topic behind the state store of an application: of one partition a log, like all others. */
    public static String changelog(String applicationId) {
        return applicationId + "-" + SequencerTopology.CHUNKS + "-changelog";
    }

    /** One log on one broker, as {@code terraseal up} runs it. */
    public static SequencerConfig embedded(KafkaConnection kafka, Path state, LogDeclaration log, long floor) {
        return new SequencerConfig(
                kafka,
                APPLICATION,
                "0",
                state,
                List.of(log),
                List.of(floor),
                1,
                1,
                COMMIT_INTERVAL,
                SequencerTopics.STANDARD);
    }

    /**
     * Reads {@code log.files} (log.json of each log, in the order of partitions, separated by commas),
     * {@code sequencer.*} and {@code kafka.*}; {@code kafka.logs} has to be as many, where it is there. Problems are left in
     * {@code settings}, for its {@code done()} to report.
     */
    public static SequencerConfig from(Settings settings) {
        List<LogDeclaration> logs = logs(settings);
        requireAsMany(settings, logs.size());
        Topics topics = Topics.from(settings, Math.max(1, logs.size()));
        return new SequencerConfig(
                KafkaConnection.from(settings),
                settings.text("sequencer.application", APPLICATION),
                settings.text("sequencer.instance", "0"),
                settings.path("sequencer.state").orElse(Path.of(".terraseal", "sequencer")),
                logs,
                floors(settings, logs.size()),
                topics.replication(),
                topics.minInsync(),
                commitInterval(settings),
                SequencerTopics.STANDARD);
    }

    /** The other services are told how many logs there are, and may share a file of settings with this one. */
    private static void requireAsMany(Settings settings, int logs) {
        boolean said = settings.optional("kafka.logs").isPresent();
        if (said && logs > 0 && LogPlace.logs(settings) != logs) {
            settings.problem(
                    "kafka.logs",
                    "is " + LogPlace.logs(settings) + ", and log.files names " + logs + "; both count the logs");
        }
    }

    private static Duration commitInterval(Settings settings) {
        Duration interval = settings.duration("sequencer.commit-interval", COMMIT_INTERVAL);
        if (interval.isZero() || interval.compareTo(COMMIT_INTERVAL_MAX) > 0) {
            settings.problem(
                    "sequencer.commit-interval",
                    "is " + interval.toMillis() + "ms, and can be 1ms to " + COMMIT_INTERVAL_MAX.toSeconds()
                            + "s: Kafka gives up a transaction of 10 s");
            return COMMIT_INTERVAL;
        }
        return interval;
    }

    private static List<LogDeclaration> logs(Settings settings) {
        List<LogDeclaration> logs = new ArrayList<>();
        for (String file : settings.text("log.files").split(",")) {
            try {
                if (!file.isBlank()) {
                    logs.add(LogDeclaration.parse(Bytes.wrap(Files.readAllBytes(Path.of(file.strip())))));
                }
            } catch (IOException | IllegalArgumentException unreadable) {
                settings.problem(
                        "log.files",
                        "names " + file.strip() + ", which is no log.json that can be read ("
                                + (unreadable instanceof IOException failed
                                        ? FileFailure.why(failed)
                                        : unreadable.getMessage())
                                + "); 'terraseal log init' makes one");
            }
        }
        return logs;
    }

    private static List<Long> floors(Settings settings, int logs) {
        List<Long> floors = new ArrayList<>();
        String text = settings.text("sequencer.floors", "");
        try {
            for (String floor : text.isBlank() ? new String[0] : text.split(",")) {
                floors.add(Long.parseLong(floor.strip()));
            }
        } catch (NumberFormatException notANumber) {
            settings.problem("sequencer.floors", "is '" + text + "', not sizes separated by commas, one for each log");
        }
        while (floors.size() < logs) {
            floors.add(0L);
        }
        if (floors.size() > logs) {
            settings.problem("sequencer.floors", "has " + floors.size() + " sizes for " + logs + " logs");
            return floors.subList(0, logs);
        }
        return floors;
    }
}
