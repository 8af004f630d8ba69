package dev.terraseal.sequencer;

import dev.terraseal.kafka.Lag;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many events wait, asked of Kafka every few seconds: what Streams reports of itself says nothing of a sequencer that
 * stands still, and who asks for metrics must not wait for Kafka.
 */
final class LagWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LagWatch.class);
    private static final long EVERY_SECONDS = 5;
    private static final long UNKNOWN = -1;

    private final Supplier<List<Lag>> look;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile long behind = UNKNOWN;

    LagWatch(Supplier<List<Lag>> look) {
        this.look = look;
    }

    void start() {
        Thread thread = new Thread(this::run, "terraseal-sequencer-lag");
        thread.setDaemon(true);
        thread.start();
    }

    /** Of the log that is furthest behind; −1 where Kafka does not say, or no log has committed yet. */
    long behind() {
        return behind;
    }

    private void run() {
        try {
            do {
                lookOnce();
            } while (!closing.await(EVERY_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    void lookOnce() {
        try {
            behind = look.get().stream().mapToLong(Lag::behind).max().orElse(UNKNOWN);
        } catch (RuntimeException silent) {
            behind = UNKNOWN;
            LOG.debug("action=ask-lag result=unknown reason=\"{}\"", silent.toString());
        }
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
