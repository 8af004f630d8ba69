package dev.terraseal.simulation.invariants;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.kafka.Topics;
import dev.terraseal.simulation.Evidence;
import dev.terraseal.simulation.Invariant;
import dev.terraseal.simulation.NaiveJson;
import dev.terraseal.simulation.NaiveStatement;
import dev.terraseal.simulation.kafka.Committed;
import dev.terraseal.simulation.kafka.Rec;
import dev.terraseal.simulation.store.Objects;
import dev.terraseal.testkit.archive.NaiveRoot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * 5: no key ever signed two statements for one sequence or two roots for one size, not even where nobody got the
 * signature; every checkpoint is the root of a prefix of the one log there is in the archive.
 */
final class OneHistory implements Invariant {
    private static final String PAE = "DSSEv1 ";
    private static final String BATCH = "application/vnd.terraseal.batch.v1+json";

    private final Map<Long, String> signed = new HashMap<>();
    private final List<Map<String, Object>> batches = new ArrayList<>();
    private final Map<Long, String> roots = new HashMap<>();
    private final Map<Long, String> published = new HashMap<>();
    private final Map<Long, String> naive = new HashMap<>();
    private final Committed attestations = new Committed(Topics.ATTESTATIONS);
    private final Committed checkpoints = new Committed(Topics.CHECKPOINTS);
    private int attested;
    private int rollbacks;
    private int noted;
    private int written;

    @Override
    public String name() {
        return "5 one history";
    }

    @Override
    public void check(Evidence evidence) {
        if (evidence.rollbacks() == 0) {
            // What was signed and not committed before a copy was put back is known to nobody, the signer included.
            signatures(evidence);
            batches(evidence);
        }
        if (evidence.rollbacks() > rollbacks) {
            // An attestation that power took within the second by which the file lags, before the copy was put back.
            rollbacks = evidence.rollbacks();
            published.keySet().removeIf(sequence -> sequence >= evidence.signedWhenRolledBack());
        }
        for (Rec rec : attestations.read(evidence.broker())) {
            NaiveStatement entry = rec.attestation();
            String before = published.putIfAbsent(entry.sequence(), entry.hash());
            require(
                    before == null || before.equals(entry.hash()),
                    () -> "two attestations of entry " + entry.sequence() + " were there to be read: " + before
                            + " and " + entry.hash());
        }
        notes(evidence);
        objects(evidence);
        for (Rec rec : checkpoints.read(evidence.broker())) {
            checkpoint("terraseal.checkpoints", new String(rec.value(), StandardCharsets.UTF_8), evidence);
        }
    }

    private void signatures(Evidence evidence) {
        List<Bytes> messages = evidence.attested();
        for (; attested < messages.size(); attested++) {
            Bytes message = messages.get(attested);
            if (message.slice(0, Math.min(80, message.length())).utf8().contains(BATCH)) {
                batches.add(NaiveJson.object(statement(message).utf8()));
                continue;
            }
            NaiveStatement entry = NaiveStatement.read(statement(message));
            String before = signed.putIfAbsent(entry.sequence(), entry.hash());
            require(
                    before == null || before.equals(entry.hash()),
                    () -> "the attest key signed two statements for sequence " + entry.sequence());
        }
    }

    /** A batch signs all its entries, also where nobody got the signature: they are what the archive comes to hold. */
    private void batches(Evidence evidence) {
        if (batches.isEmpty()) {
            return;
        }
        evidence.archive().read();
        List<Bytes> hashes = evidence.archive().hashes();
        batches.removeIf(batch -> {
            long first = (Long) batch.get("first");
            long end = first + (Long) batch.get("count");
            if (end > hashes.size()) {
                return false;
            }
            String root = NaiveRoot.of(hashes.subList((int) first, (int) end)).base64();
            require(
                    batch.get("root").equals(root) && batch.get("log").equals(evidence.origin()),
                    () -> "the attest key signed a batch of entries " + first + " to " + (end - 1)
                            + " that are not those of the archive");
            return true;
        });
    }

    private static Bytes statement(Bytes pae) {
        String text = pae.slice(0, Math.min(80, pae.length())).utf8();
        if (!text.startsWith(PAE)) {
            throw new IllegalStateException("signed what is no PAE: " + text);
        }
        int at = 0;
        for (int spaces = 0; spaces < 4; at++) {
            if (text.charAt(at) == ' ') {
                spaces++;
            }
        }
        return pae.slice(at, pae.length());
    }

    private void notes(Evidence evidence) {
        List<Bytes> texts = evidence.noted();
        for (; noted < texts.size(); noted++) {
            String[] lines = texts.get(noted).utf8().split("\n");
            String before = roots.putIfAbsent(Long.parseLong(lines[1]), lines[2]);
            require(
                    before == null || before.equals(lines[2]),
                    () -> "the log key signed two roots for size " + lines[1]);
        }
    }

    private void objects(Evidence evidence) {
        List<Objects.Written> journal = evidence.objects().journal();
        for (; written < journal.size(); written++) {
            Objects.Written each = journal.get(written);
            if (each.ours()
                    && (each.name().startsWith("checkpoints/") || each.name().equals("checkpoint"))) {
                checkpoint(each.name(), each.content().utf8(), evidence);
            }
        }
    }

    private void checkpoint(String where, String note, Evidence evidence) {
        String[] lines = note.split("\n");
        long size = Long.parseLong(lines[1]);
        require(lines[0].equals(evidence.origin()), () -> where + " is of log " + lines[0]);
        evidence.archive().read();
        List<Bytes> hashes = evidence.archive().hashes();
        require(
                size <= hashes.size(),
                () -> where + " has size " + size + " over " + hashes.size() + " entries in the archive");
        String root = naive.computeIfAbsent(
                size, unused -> NaiveRoot.of(hashes.subList(0, (int) size)).base64());
        require(
                root.equals(lines[2]),
                () -> where + " of size " + size + " has root " + lines[2] + ", the entries have " + root);
    }
}
