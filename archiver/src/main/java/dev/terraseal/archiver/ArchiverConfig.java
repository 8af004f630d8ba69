package dev.terraseal.archiver;

import dev.terraseal.archiver.time.TimeSettings;
import dev.terraseal.archiver.witness.WitnessSettings;
import dev.terraseal.kafka.LogPlace;
import dev.terraseal.settings.Settings;
import dev.terraseal.store.StoreSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * What may be chosen about the archiver. The order of writes and what is checked may not.
 *
 * @param partition of every topic: the log's
 * @param logs how many there are: the partitions of every topic
 * @param witnesses who is asked to cosign checkpoints; empty for nobody
 * @param time who stamps checkpoints
 */
public record ArchiverConfig(
        int partition,
        int logs,
        StoreSettings store,
        Limits limits,
        Optional<WitnessSettings> witnesses,
        TimeSettings time) {
    /** On S3: one put an interval costs. In a directory {@code up} takes a quarter of a second. */
    public static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(5);

    private static final int SEGMENT_ENTRIES = 10_000;
    private static final int SEGMENT_BYTES = 8 << 20;
    private static final Duration STREAM_BEHIND = Duration.ofSeconds(60);

    /** Of a log that nobody witnesses or stamps. */
    public ArchiverConfig(int partition, int logs, StoreSettings store, Limits limits) {
        this(partition, logs, store, limits, Optional.empty(), TimeSettings.NONE);
    }

    /**
     * @param checkpointInterval from the beginning of one segment and its checkpoint to that of the next, later only where
     *     writing them takes most of it; none is made while the log does not grow
     * @param segmentEntries a segment is written sooner when it has so many entries,
     * @param segmentBytes or lines of so many bytes together
     * @param streamBehind how long a stream that ends before the archive may take to come up to it: after a loss of power
     *     the stages before make their topics again
     */
    public record Limits(Duration checkpointInterval, int segmentEntries, long segmentBytes, Duration streamBehind) {
        public Limits {
            if (checkpointInterval.isNegative()
                    || segmentEntries < 1
                    || segmentBytes < 1
                    || streamBehind.isNegative()) {
                throw new IllegalArgumentException("limits of the archiver must be positive");
            }
        }

        public static Limits every(Duration checkpointInterval) {
            return new Limits(checkpointInterval, SEGMENT_ENTRIES, SEGMENT_BYTES, STREAM_BEHIND);
        }
    }

    /**
     * Reads {@code kafka.logs}, {@code log.partition}, {@code archive} and what belongs to it, {@code archiver.checkpoint-interval},
     * {@code archiver.segment-entries}, {@code archiver.segment-bytes}, and what {@link WitnessSettings#from} and {@link
     * TimeSettings#from} read.
     */
    public static ArchiverConfig from(Settings settings) {
        LogPlace place = LogPlace.from(settings);
        StoreSettings store = StoreSettings.from(settings);
        Limits limits = new Limits(
                settings.duration("archiver.checkpoint-interval", CHECKPOINT_INTERVAL),
                settings.integer("archiver.segment-entries", SEGMENT_ENTRIES, 1, 65_536),
                settings.integer("archiver.segment-bytes", SEGMENT_BYTES, 1, 64 << 20),
                STREAM_BEHIND);
        return new ArchiverConfig(
                place.partition(),
                place.logs(),
                store,
                limits,
                WitnessSettings.from(settings),
                TimeSettings.from(settings));
    }
}
