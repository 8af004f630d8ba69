package dev.terraseal.archiver.resume;

/** The log must not be taken up here. The message says what was found where, and what to do; nothing was written. */
public final class ResumeRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    ResumeRefusedException(String message) {
        super(message);
    }
}
