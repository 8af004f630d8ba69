package dev.terraseal.signer.check;

/**
 * An entry that must not be signed. Nobody but the sequencer writes there and it checks the same, so this is a broken
 * invariant and no bad input: the signer stops, for whatever it signed next would vouch for a broken chain.
 */
public final class RefusedEntryException extends Exception {
    private static final long serialVersionUID = 1L;

    public RefusedEntryException(long offset, String what) {
        super("terraseal.sequenced offset " + offset + ": " + what + ". Nothing was signed from there on. Find out who"
                + " wrote it (only the sequencer may), check the archive (terraseal verify ARCHIVE), and start again after"
                + " it is explained");
    }

    public RefusedEntryException(String message) {
        super(message);
    }
}
