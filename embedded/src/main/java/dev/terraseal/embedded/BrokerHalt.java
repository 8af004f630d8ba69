package dev.terraseal.embedded;

import java.util.function.Consumer;
import org.apache.kafka.common.utils.Exit;

/**
 * Kafka ends the whole process when a broker breaks (a full or failing disk, a port). While the broker starts, that
 * becomes an exception; afterwards the process still ends at once, as after {@code kill -9}, but says why and with exit
 * code 3. Going on would be worse: a broker with a lost disk answers from memory.
 */
final class BrokerHalt {
    private final Consumer<String> onFatal;
    private volatile boolean starting = true;

    BrokerHalt(Consumer<String> onFatal) {
        this.onFatal = onFatal;
    }

    /** Process-wide, as Kafka's own hook is: of several brokers in one process the last one started is heard. */
    void install() {
        Exit.setExitProcedure(this::end);
        Exit.setHaltProcedure(this::end);
    }

    void started() {
        starting = false;
    }

    private void end(int status, String message) {
        String reason = message == null || message.isBlank() ? "Kafka stopped with status " + status : message;
        if (starting) {
            throw new BrokerUnavailableException(reason);
        }
        onFatal.accept(
                "the embedded broker broke (" + reason
                        + "); the log lines above this one say where. Nothing acknowledged is lost: mend the disk and start again");
        Runtime.getRuntime().halt(3);
    }
}
