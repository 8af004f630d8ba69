package dev.terraseal.kafka;

import org.jspecify.annotations.Nullable;

/**
 * Why a service stopped for good. It is not started again in this process: whoever runs it ends the process with exit
 * code 3 and this message.
 *
 * @param service its name, as on the command line
 * @param message what happened to which thing, and how to mend it
 */
public record FatalError(
        String service, String message, @Nullable Throwable cause) {
    @Override
    public String toString() {
        return service + ": " + message;
    }
}
