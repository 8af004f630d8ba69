package dev.terraseal.simulation.invariants;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.simulation.Evidence;
import dev.terraseal.simulation.Invariant;
import dev.terraseal.simulation.kafka.Partition;
import dev.terraseal.simulation.kafka.Rec;
import dev.terraseal.simulation.store.Objects;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** 9, as far as it can be seen here: no caller's token reaches a topic, the archive or a line that is logged. */
final class NothingSecret implements Invariant {
    private static final String PREFIX = "terraseal-secret-";
    private static final byte[] BYTES = PREFIX.getBytes(StandardCharsets.US_ASCII);

    private final Map<Partition, Long> next = new HashMap<>();
    private int written;

    @Override
    public String name() {
        return "9 nothing secret";
    }

    @Override
    public void check(Evidence evidence) {
        for (Partition partition : evidence.broker().partitions()) {
            long at = next.getOrDefault(partition, 0L);
            long end = partition.end();
            for (; at < end; at++) {
                Rec rec = partition.at(at);
                require(
                        rec.value() == null || Find.in(rec.value(), BYTES) < 0,
                        () -> "a token is on " + partition.topic() + " at offset " + rec.offset());
            }
            next.put(partition, end);
        }
        List<Objects.Written> journal = evidence.objects().journal();
        for (; written < journal.size(); written++) {
            Bytes content = journal.get(written).content();
            String name = journal.get(written).name();
            require(Find.in(content.toByteArray(), BYTES) < 0, () -> "a token is in the archive's " + name);
        }
        for (String line : evidence.lines()) {
            require(!line.contains(PREFIX), () -> "a token was logged");
        }
        evidence.lines().clear();
    }
}
