package dev.terraseal.cli;

import dev.terraseal.cli.up.UpFile;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.LogPlace;
import dev.terraseal.settings.Settings;
import java.util.Map;
import java.util.Optional;

/**
 * Where a log's topics are.
 *
 * @param partition of every topic: the log's
 */
public record LogTopics(KafkaConnection kafka, int partition) {
    /**
     * Reads {@code kafka.bootstrap}, {@code kafka.client.*}, {@code kafka.logs} and {@code log.partition}; without the first
     * it is the Kafka of the data directory's server. What is wrong is noted in {@code settings}.
     */
    public static LogTopics from(Settings settings, DataOption data) throws CommandFailedException {
        int partition = LogPlace.from(settings).partition();
        if (settings.optional(KafkaConnection.BOOTSTRAP).isPresent()) {
            return new LogTopics(KafkaConnection.from(settings), partition);
        }
        Optional<UpFile> up = data.up();
        if (up.isEmpty()) {
            throw CommandFailedException.usage("no Kafka is named, and no server is known for "
                    + data.directory().root() + ": give --set kafka.bootstrap=HOST:PORT or --config FILE, or start"
                    + " terraseal up there");
        }
        return new LogTopics(new KafkaConnection(up.get().kafka(), Map.of()), partition);
    }
}
