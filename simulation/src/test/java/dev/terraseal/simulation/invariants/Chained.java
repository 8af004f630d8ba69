package dev.terraseal.simulation.invariants;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.kafka.Topics;
import dev.terraseal.simulation.Evidence;
import dev.terraseal.simulation.Invariant;
import dev.terraseal.simulation.NaiveStatement;
import dev.terraseal.simulation.kafka.Committed;
import dev.terraseal.simulation.kafka.Rec;
import dev.terraseal.testkit.archive.NaiveRoot;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * 2: prevHash of k is the entry hash of k − 1, in the log and within each stream, the first is the genesis; every heads
 * entry is what the entries below it say.
 */
final class Chained implements Invariant {
    private final Links sequenced = new Links(Topics.SEQUENCED);
    private final Links attestations = new Links(Topics.ATTESTATIONS);

    @Override
    public String name() {
        return "2 chained";
    }

    @Override
    public void check(Evidence evidence) {
        sequenced.check(evidence);
        attestations.check(evidence);
    }

    private record Head(long count, String hash, long sequence) {}

    private final class Links {
        private final String topic;
        private final Committed records;
        private final TreeMap<String, Head> streams = new TreeMap<>();
        private String newest;

        Links(String topic) {
            this.topic = topic;
            this.records = new Committed(topic);
        }

        void check(Evidence evidence) {
            List<Rec> read = records.read(evidence.broker());
            if (records.anew()) {
                streams.clear();
                newest = evidence.genesis();
            }
            for (Rec rec : read) {
                if (rec.span() != null) {
                    entry(topic.equals(Topics.SEQUENCED) ? rec.entry() : rec.attestation(), evidence);
                }
            }
        }

        private void entry(NaiveStatement entry, Evidence evidence) {
            String where = topic + " entry " + entry.sequence();
            require(entry.log().equals(evidence.origin()), () -> where + " is of log " + entry.log());
            require(entry.prevHash().equals(newest), () -> where + " does not follow the entry before it");
            Head before = streams.getOrDefault(entry.stream(), new Head(0, evidence.genesis(), -1));
            require(
                    entry.streamPrevHash().equals(before.hash()),
                    () -> where + " does not follow the one before it in stream " + entry.stream());
            if (entry.type().endsWith("/heads/v1")) {
                heads(where, entry);
            }
            newest = entry.hash();
            streams.put(entry.stream(), new Head(before.count() + 1, entry.hash(), entry.sequence()));
        }

        private void heads(String where, NaiveStatement entry) {
            List<Bytes> leaves = new ArrayList<>();
            List<String> texts = new ArrayList<>();
            streams.forEach((id, head) -> {
                String leaf = "{\"count\":" + head.count() + ",\"entryHash\":\"" + head.hash() + "\",\"id\":\"" + id
                        + "\",\"sequence\":" + head.sequence() + "}";
                texts.add(leaf);
                leaves.add(Bytes.utf8(leaf));
            });
            require(
                    entry.body().get("root").equals(NaiveRoot.of(leaves).base64())
                            && entry.body().get("streams").equals((long) leaves.size()),
                    () -> where + " states other heads than the entries below it");
            require(
                    entry.subjectSha256()
                            .equals(Digest.of(Bytes.utf8("[" + String.join(",", texts) + "]"))
                                    .hex()),
                    () -> where + " names another file of heads than the entries below it give");
        }
    }
}
