package dev.terraseal.schemas.registry;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The registry did not answer, or answered with an error of its own. That says nothing about the record at hand: wait and
 * ask again, never reject on it.
 */
public final class RegistryUnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    public RegistryUnavailableException(String message) {
        super(message);
    }

    public RegistryUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
