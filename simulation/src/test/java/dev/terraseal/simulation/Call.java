package dev.terraseal.simulation;

import java.util.EnumSet;
import java.util.Set;

/**
 * Every call a stage makes through its ports. Kinds of failure that cannot happen to a call are named in {@link #never},
 * each with its reason, so that the table of what was covered has no empty cell that nobody explained.
 */
public enum Call {
    INGEST_PRODUCE(Form.WRITE),
    INGEST_POLL(Form.READ),
    SEQUENCER_DESCRIBE(Form.READ),
    SEQUENCER_END(Form.READ),
    SEQUENCER_COMMITTED(Form.READ),
    SEQUENCER_SET_OFFSET(Form.WRITE),
    SEQUENCER_READ(Form.READ),
    SEQUENCER_JOIN(Form.WRITE),
    SEQUENCER_INIT(Form.WRITE),
    SEQUENCER_RESTORE(Form.READ),
    SEQUENCER_POLL(Form.READ),
    SEQUENCER_PRODUCE(Form.WRITE),
    SEQUENCER_OFFSETS(Form.WRITE),
    SEQUENCER_COMMIT(Form.WRITE),
    SIGNER_INIT(Form.WRITE),
    SIGNER_TOPICS(Form.READ),
    SIGNER_PRODUCERS(Form.READ),
    SIGNER_END(Form.READ),
    SIGNER_READ(Form.READ),
    SIGNER_POLL(Form.READ),
    SIGNER_SIGN(Form.WRITE),
    SIGNER_KEEP(Form.WRITE),
    SIGNER_PRODUCE(Form.WRITE),
    SIGNER_COMMIT(Form.WRITE),
    SIGNER_FLOOR(Form.WRITE),
    ARCHIVER_END(Form.READ),
    ARCHIVER_READ(Form.READ),
    ARCHIVER_POLL(Form.READ),
    ARCHIVER_PUBLISH(Form.WRITE),
    ARCHIVER_SIGN(Form.WRITE),
    ARCHIVER_KEEP(Form.WRITE),
    ARCHIVER_REPLACE(Form.WRITE),
    ARCHIVER_ADVANCE(Form.WRITE),
    ARCHIVER_DISCARD(Form.WRITE),
    ARCHIVER_FETCH(Form.READ),
    ARCHIVER_NEWEST(Form.READ),
    ARCHIVER_LIST(Form.READ),
    ARCHIVER_NAMES(Form.READ);

    private enum Form {
        READ,
        WRITE
    }

    private final Set<Fault> faults;

    Call(Form form) {
        faults = EnumSet.allOf(Fault.class);
        if (form == Form.READ) {
            faults.remove(Fault.PERSISTED);
            faults.remove(Fault.DUPLICATED);
        }
    }

    /** What may happen to this call. */
    public Set<Fault> faults() {
        return faults;
    }

    /** Why {@code fault} cannot happen to this call. */
    public String never(Fault fault) {
        if (faults.contains(fault)) {
            throw new IllegalArgumentException(this + " can " + fault);
        }
        return switch (fault) {
            case PERSISTED -> "a read leaves nothing behind: an answer that is lost is TIME_OUT";
            case DUPLICATED -> "a read that arrives twice changes nothing and answers the same";
            default -> throw new IllegalStateException("no reason is given why " + this + " never sees " + fault);
        };
    }
}
