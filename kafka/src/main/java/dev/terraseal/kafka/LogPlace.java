package dev.terraseal.kafka;

import dev.terraseal.settings.Settings;

/**
 * Which of a deployment's logs a service works for.
 *
 * @param partition of every topic: the log's
 * @param logs how many there are: the partitions of every topic
 */
public record LogPlace(int partition, int logs) {
    private static final int LOGS_MAX = 10_000;

    /** Reads {@code kafka.logs}. */
    public static int logs(Settings settings) {
        return settings.integer("kafka.logs", 1, 1, LOGS_MAX);
    }

    /** Reads {@code log.partition} and {@code kafka.logs}. */
    public static LogPlace from(Settings settings) {
        int logs = logs(settings);
        int partition = settings.integer("log.partition", 0, 0, LOGS_MAX);
        if (partition >= logs) {
            settings.problem(
                    "log.partition",
                    "is " + partition + ", but with kafka.logs " + logs + " partitions are 0 to " + (logs - 1));
        }
        return new LogPlace(partition, logs);
    }
}
