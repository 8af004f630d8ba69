package dev.terraseal.verifier.files;

import java.io.IOException;

/**
 * Something inside what was given is not in the form it must have: a finding (exit 4). Any other {@link IOException}
 * means that the machine could not read it (exit 3).
 */
public final class MalformedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;

    public MalformedException(String file, String what) {
        super(file + ": " + what);
        this.file = file;
    }

    /** The file, by its name inside the bundle or archive. */
    public String file() {
        return file;
    }
}
