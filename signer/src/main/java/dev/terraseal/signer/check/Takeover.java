package dev.terraseal.signer.check;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.chain.LogHead;

/**
 * Passes over what is signed already and compares the last of it: the entry on {@code sequenced} must be the one whose
 * signature is on {@code attestations}. One thread.
 */
public final class Takeover {
    private final LogHead signed;

    public Takeover(LogHead signed) {
        this.signed = signed;
    }

    /** Where to begin to read: at the last entry that is signed, so that it can be compared, else at the first. */
    public SequenceNumber begin() {
        return new SequenceNumber(Math.max(0, signed.size() - 1));
    }

    /** Whether {@code entry} is signed already. */
    public boolean signed(Entry entry) throws RefusedEntryException {
        long sequence = entry.sequence().value();
        if (sequence == signed.size() - 1 && !entry.entryHash().equals(signed.newest())) {
            throw new RefusedEntryException(
                    entry.offset(),
                    "sequence " + sequence + " has entry hash " + entry.entryHash()
                            + ", but the one signed on terraseal.attestations has " + signed.newest());
        }
        return sequence < signed.size();
    }
}
