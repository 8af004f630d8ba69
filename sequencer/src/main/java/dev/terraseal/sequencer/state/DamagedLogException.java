package dev.terraseal.sequencer.state;

/** What was read back does not join up. The log must not be continued; the message says where it breaks. */
public final class DamagedLogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DamagedLogException(String message) {
        super(
                message
                        + ". The sequencer stops rather than fork the log: compare with the archive (terraseal verify ARCHIVE) before anything else");
    }
}
