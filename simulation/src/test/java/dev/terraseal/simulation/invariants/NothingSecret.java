package dev.terraseal.simulation.invariants;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.simulation.Evidence;
import dev.terraseal.simulation.Invariant;
import dev.terraseal.simulation.kafka.Partition;
import dev.terraseal.simulation.kafka.Rec;
import dev.terraseal.simulation.store.Objects;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Header;

/**
 * 9, as far as it can be seen here: no caller's token reaches a topic (keys, values and headers), the archive (names and
 * contents) or a line that is logged.
 */
final class NothingSecret implements Invariant {
    private static final String PREFIX = "terraseal-secret-";
    private static final byte[] TOKEN = PREFIX.getBytes(UTF_8);
    /** Of a transaction's marker. */
    private static final Header[] NO_HEADERS = {};

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
                requireNone(rec.key(), () -> "the key of " + place(partition, rec));
                requireNone(rec.value(), () -> "the value of " + place(partition, rec));
                for (Header header : rec.headers() == null ? NO_HEADERS : rec.headers()) {
                    requireNone(header.key().getBytes(UTF_8), () -> "the name of a header of " + place(partition, rec));
                    requireNone(header.value(), () -> "a header of " + place(partition, rec));
                }
            }
            next.put(partition, end);
        }
        List<Objects.Written> journal = evidence.objects().journal();
        for (; written < journal.size(); written++) {
            Bytes content = journal.get(written).content();
            String name = journal.get(written).name();
            requireNone(name.getBytes(UTF_8), () -> "the name of an object of the archive");
            requireNone(content.toByteArray(), () -> "the archive's " + name);
        }
        for (String line : evidence.lines()) {
            require(!line.contains(PREFIX), () -> "a token was logged");
        }
        evidence.lines().clear();
    }

    private static String place(Partition partition, Rec rec) {
        return partition.topic() + " offset " + rec.offset();
    }

    private void requireNone(byte[] bytes, Supplier<String> where) {
        require(bytes == null || Find.in(bytes, TOKEN) < 0, () -> "a token is in " + where.get());
    }
}
