package dev.terraseal.kafka;

import static dev.terraseal.kafka.SettingDemand.atLeast;
import static dev.terraseal.kafka.SettingDemand.exactly;

import dev.terraseal.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The topics of a deployment (FORMATS section 11).
 *
 * @param logs partitions of every topic; partition k of each is log k, by configuration and never by hashing a key
 * @param replication copies of every record
 * @param minInsync copies an acknowledgement promises
 * @param flushEvents whether an event is on disk before it is acknowledged: for a single broker, where no second
 *     machine's memory holds it. Else only {@code rejected}, which nothing derives again once an entry after it is on the
 *     disk; everything else is derived from the events, byte for byte
 */
public record Topics(int logs, int replication, int minInsync, boolean flushEvents) {
    public static final String EVENTS = "terraseal.events";
    public static final String SEQUENCED = "terraseal.sequenced";
    public static final String ATTESTATIONS = "terraseal.attestations";
    public static final String CHECKPOINTS = "terraseal.checkpoints";
    public static final String OUTCOMES = "terraseal.outcomes";
    public static final String REJECTED = "terraseal.rejected";

    /** A record of this size fits every topic but {@link #EVENTS}; producers refuse larger ones before they send. */
    public static final int MAX_RECORD_BYTES = 2 << 20;

    /** The largest record {@link #EVENTS} is created for. */
    public static final int MAX_EVENT_BYTES = 1 << 20;

    private static final int COPIES_MAX = 15;
    private static final long FOR_EVER = -1;
    private static final String DELETED = "Kafka deletes what was acknowledged";

    public Topics {
        if (logs < 1 || minInsync < 1 || replication < minInsync) {
            throw new IllegalArgumentException("logs " + logs + ", replication " + replication + ", min ISR "
                    + minInsync + ": at least 1 each, and no more in-sync replicas than replicas");
        }
    }

    /** One broker, as {@code terraseal up} runs it. */
    public static Topics embedded(int logs) {
        return new Topics(logs, 1, 1, true);
    }

    /** Three brokers or more: any one may be lost with its disk. */
    public static Topics cluster(int logs) {
        return new Topics(logs, 3, 2, false);
    }

    /** Reads {@code kafka.logs} and what {@link #from(Settings, int)} reads. */
    public static Topics from(Settings settings) {
        return from(settings, LogPlace.logs(settings));
    }

    /** Reads {@code kafka.replication} and {@code kafka.min-insync}. What is wrong is noted in {@code settings}. */
    public static Topics from(Settings settings, int logs) {
        int replication = settings.integer("kafka.replication", 3, 1, COPIES_MAX);
        int minInsync = settings.integer("kafka.min-insync", 2, 1, COPIES_MAX);
        if (minInsync > replication) {
            settings.problem(
                    "kafka.min-insync",
                    "is " + minInsync + ", and with kafka.replication " + replication
                            + " no more copies than that are in sync; set it from 1 to " + replication);
        }
        return new Topics(logs, replication, Math.min(minInsync, replication), false);
    }

    public List<TopicSpec> specs() {
        return List.of(
                events(),
                spec(SEQUENCED, FOR_EVER, Map.of(), List.of()),
                spec(ATTESTATIONS, FOR_EVER, Map.of(), List.of()),
                spec(CHECKPOINTS, FOR_EVER, Map.of(), List.of()),
                spec(OUTCOMES, Duration.ofDays(7).toMillis(), Map.of(), List.of()),
                rejected());
    }

    private TopicSpec events() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "message.timestamp.type",
                "LogAppendTime",
                "max.message.bytes",
                Integer.toString(MAX_EVENT_BYTES),
                "compression.type",
                "producer"));
        List<SettingDemand> demands = new ArrayList<>(
                List.of(
                        exactly(
                                "message.timestamp.type",
                                "LogAppendTime",
                                "a producer chooses the time its event was received, and the log is no longer a function of the topic")));
        if (flushEvents) {
            settings.put("flush.messages", "1");
            demands.add(exactly("flush.messages", "1", "a loss of power takes acknowledged events with it"));
        }
        return spec(EVENTS, FOR_EVER, settings, demands);
    }

    private TopicSpec rejected() {
        long retention = Duration.ofDays(365).toMillis();
        return flushEvents
                ? spec(
                        REJECTED,
                        retention,
                        Map.of("flush.messages", "1"),
                        List.of(exactly(
                                "flush.messages",
                                "1",
                                "a loss of power takes with it why an acknowledged event is not in the log")))
                : spec(REJECTED, retention, Map.of(), List.of());
    }

    private TopicSpec spec(String name, long retention, Map<String, String> own, List<SettingDemand> ownDemands) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "cleanup.policy",
                "delete",
                "retention.ms",
                Long.toString(retention),
                "retention.bytes",
                "-1",
                "min.insync.replicas",
                Integer.toString(minInsync),
                "unclean.leader.election.enable",
                "false",
                "max.message.bytes",
                Integer.toString(MAX_RECORD_BYTES)));
        settings.putAll(own);
        List<SettingDemand> demands = new ArrayList<>(ownDemands);
        demands.add(exactly("cleanup.policy", "delete", "compaction deletes every record but the newest of a key"));
        demands.add(atLeast("retention.ms", retention, DELETED));
        demands.add(atLeast("retention.bytes", -1, DELETED));
        demands.add(atLeast("min.insync.replicas", minInsync, "an acknowledged record may be on one machine only"));
        demands.add(exactly(
                "unclean.leader.election.enable", "false", "a replica that lacks acknowledged records may take over"));
        if (!name.equals(EVENTS)) {
            demands.add(atLeast(
                    "max.message.bytes",
                    MAX_RECORD_BYTES,
                    "a record the broker refuses ends an exactly-once transaction for good, and the log stands still"));
        }
        return new TopicSpec(name, logs, replication, settings, demands);
    }
}
