package dev.terraseal.sequencer.state;

/** What was read back does not join up. The log must not be continued; the message says where it breaks. */
public final class DamagedLogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DamagedLogException(String message) {
        super(
                message
                        + ". The sequencer stops rather than fork the log: compare with the archive (terraseal verify ARCHIVE) before anything else. If terraseal.sequenced is what the archive says, from entry 0 on, the state store is damaged: delete the sequencer's state directory and its changelog topic, and start again; they are made again from terraseal.sequenced. If it is not, bring back the data the archive agrees with, or take the log up from the archive (terraseal log resume)");
    }
}
