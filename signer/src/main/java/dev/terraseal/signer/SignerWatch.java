package dev.terraseal.signer;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says every half minute that the signer is behind, and why, if it is: a quota that is too small must not go unseen. */
final class SignerWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SignerWatch.class);
    private static final long EVERY_SECONDS = 30;
    /** A transaction marker may lie behind the last record, so 1 is at rest. */
    private static final long REST = 1;

    private final Supplier<SignerStatus> status;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "terraseal-signer-watch");
        thread.setDaemon(true);
        return thread;
    });
    private long putOffBefore;

    SignerWatch(Supplier<SignerStatus> status) {
        this.status = status;
    }

    void start() {
        ScheduledFuture<?> unused =
                timer.scheduleWithFixedDelay(this::look, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        SignerStatus now = status.get();
        long putOff = now.putOff() - putOffBefore;
        putOffBefore = now.putOff();
        if (putOff > 0) {
            LOG.warn(
                    "event=signer_put_off next={} behind={} in_flight={} put_off={} reason=\"{}\"",
                    now.next(),
                    now.behind(),
                    now.inFlight(),
                    putOff,
                    now.lastPutOff());
        } else if (now.behind() > REST) {
            LOG.info(
                    "event=signer_behind phase={} next={} behind={} in_flight={}",
                    now.phase(),
                    now.next(),
                    now.behind(),
                    now.inFlight());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
