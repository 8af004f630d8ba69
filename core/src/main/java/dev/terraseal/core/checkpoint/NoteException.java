package dev.terraseal.core.checkpoint;

/** A note, a key or a proof file that is not of its form, or a note that is not signed as it has to be. */
public final class NoteException extends Exception {
    private static final long serialVersionUID = 1L;

    public NoteException(String message) {
        super(message);
    }

    public NoteException(String message, Throwable cause) {
        super(message, cause);
    }
}
