package dev.terraseal.archiver;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.schemas.AttestationRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest archived entries, which the stream must hold as well. Other signatures over the same statements are fine: a
 * stage that lost its topics signs again. Another statement for one sequence is a fork.
 */
final class StreamComparison {
    private final List<Digest> hashes;
    private final long first;

    /** @param tail entry hashes, the last at {@code end − 1} */
    StreamComparison(long end, List<Digest> tail) {
        this.hashes = new ArrayList<>(tail);
        this.first = end - tail.size();
    }

    void add(Digest entryHash) {
        hashes.add(entryHash);
    }

    long first() {
        return first;
    }

    /** One past the last archived entry. */
    long end() {
        return first + hashes.size();
    }

    /**
     * Entries below the first of these pass: where one of them is another, so is every hash above it.
     *
     * @throws ArchiverStoppedException if the stream says otherwise than the archive
     */
    void require(AttestationRecord record) {
        if (record.sequence().value() < first) {
            return;
        }
        Digest archived = hashes.get(Math.toIntExact(record.sequence().value() - first));
        Digest streamed = Digest.of(record.statement());
        if (!archived.equals(streamed)) {
            throw new ArchiverStoppedException("the log forks at entry " + record.sequence()
                    + ": the archive holds entry hash " + archived + ", the topic terraseal.attestations "
                    + streamed
                    + ". The archive is what was promised. Stop all services of this log; if the topics were lost or put back from"
                    + " an old copy, bring their newest data back; where it is gone for good, delete the topics and take the"
                    + " log up from its archive: terraseal log resume");
        }
    }
}
