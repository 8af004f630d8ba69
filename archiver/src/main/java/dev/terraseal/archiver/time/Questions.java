package dev.terraseal.archiver.time;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** The way to an authority (RFC 3161 section 3.4). */
@FunctionalInterface
public interface Questions {
    /**
     * Asks once.
     *
     * @return the body of the answer
     * @throws IOException if there was none, or one that is no answer to a question; asking again later may help
     */
    byte[] ask(URI authority, byte[] query, Duration timeout) throws IOException, InterruptedException;
}
