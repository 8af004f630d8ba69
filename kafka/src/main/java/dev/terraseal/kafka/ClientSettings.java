package dev.terraseal.kafka;

import java.util.HashMap;
import java.util.Map;

/** What safety and memory depend on in every Kafka client here, with the reason. */
final class ClientSettings {
    private ClientSettings() {}

    static Map<String, Object> consumer(Map<String, Object> base) {
        Map<String, Object> settings = new HashMap<>(base);
        // An aborted statement is in no log; Java's default would deliver it.
        settings.put("isolation.level", "read_committed");
        // A deleted position is a gap in the evidence: stop on it instead of going on elsewhere.
        settings.put("auto.offset.reset", "none");
        // Every stage finds its place in its own output; a committed offset may be lost or ahead of it.
        settings.put("enable.auto.commit", false);
        settings.put("allow.auto.create.topics", false);
        // Kafka's 50 MB a consumer, times four consumers, is too much for one process of 1 GiB.
        settings.put("fetch.max.bytes", 8 << 20);
        settings.put("max.partition.fetch.bytes", 4 << 20);
        return settings;
    }

    static Map<String, Object> seekingConsumer(Map<String, Object> base) {
        Map<String, Object> settings = consumer(base);
        // The fetch ahead of the last seek must come back before the next one is sent; at an end it waits this long.
        settings.put("fetch.max.wait.ms", 5);
        return settings;
    }

    static Map<String, Object> producer(Map<String, Object> base) {
        Map<String, Object> settings = safe(base);
        // Posts that arrive together share one fsync.
        settings.put("linger.ms", 2);
        // Shorter than the 15 s a caller is made to wait: it must hear "unknown, send the same id again" from us.
        settings.put("delivery.timeout.ms", 10_000);
        settings.put("request.timeout.ms", 5_000);
        settings.put("max.block.ms", 5_000);
        return settings;
    }

    static Map<String, Object> transactional(Map<String, Object> base, String transactionalId) {
        Map<String, Object> settings = safe(base);
        settings.put("transactional.id", transactionalId);
        // A killed stage holds back every reader for this long; Kafka's default is a minute.
        settings.put("transaction.timeout.ms", (int) KafkaConnection.TRANSACTION_TIMEOUT.toMillis());
        settings.put("delivery.timeout.ms", 9_000);
        settings.put("request.timeout.ms", 5_000);
        settings.put("max.block.ms", 30_000);
        // The commit sends what is waiting. Until then records gather into full batches: with none, the first of a
        // transaction go out one by one, each a request.
        settings.put("linger.ms", 100);
        settings.put("batch.size", 256 << 10);
        // The first send after a commit may find the transaction before it unfinished (KAFKA-20000).
        settings.put("retry.backoff.ms", 10);
        return settings;
    }

    private static Map<String, Object> safe(Map<String, Object> base) {
        Map<String, Object> settings = new HashMap<>(base);
        // Acknowledged means: on every replica that counts.
        settings.put("acks", "all");
        // A retry after a lost answer must not become a second record.
        settings.put("enable.idempotence", true);
        settings.put("max.in.flight.requests.per.connection", 5);
        settings.put("max.request.size", Topics.MAX_RECORD_BYTES);
        settings.put("buffer.memory", 16L << 20);
        settings.put("compression.type", "lz4");
        return settings;
    }
}
