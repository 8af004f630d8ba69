package dev.terraseal.cli;

import dev.terraseal.settings.FileFailure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A command cannot go on. The message is the whole of what the user sees: what happened, to which thing, what to do. */
public final class CommandFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private CommandFailedException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public static CommandFailedException usage(String message) {
        return new CommandFailedException(ExitCode.USAGE, message, null);
    }

    public static CommandFailedException unavailable(String message) {
        return new CommandFailedException(ExitCode.UNAVAILABLE, message, null);
    }

    public static CommandFailedException unavailable(String message, Throwable cause) {
        return new CommandFailedException(ExitCode.UNAVAILABLE, message, cause);
    }

    /** With the reason of {@code failed} as the whole message. */
    public static CommandFailedException unavailable(Exception failed) {
        String why = failed instanceof IOException file ? FileFailure.why(file) : String.valueOf(failed.getMessage());
        return new CommandFailedException(ExitCode.UNAVAILABLE, why, failed);
    }

    public static CommandFailedException withExit(int exitCode, String message) {
        return new CommandFailedException(exitCode, message, null);
    }

    public int exitCode() {
        return exitCode;
    }
}
