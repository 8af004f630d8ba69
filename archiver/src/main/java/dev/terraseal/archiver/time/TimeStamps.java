package dev.terraseal.archiver.time;

import dev.terraseal.core.bytes.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Time stamps in a thread of their own: the newest checkpoint once an interval, and a last one at the end. Whatever happens
 * to it, the archiver goes on; what it misses is made up by the next stamp, which covers all entries below it.
 */
public final class TimeStamps implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TimeStamps.class);
    private static final Duration RETRY_FIRST = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration RETRY_LONGEST = Duration.ofMinutes(5);
    private static final Duration RENEWALS = Duration.ofDays(1);
    private static final Duration CLOSE = Duration.ofSeconds(15);

    private final TimeSettings settings;
    private final Stamper stamper;
    private final Renewer renewer;
    private final AtomicReference<@Nullable Bytes> newest = new AtomicReference<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;
    private @Nullable Bytes stamped;

    public TimeStamps(TimeSettings settings, Stamper.Parts parts) {
        this.settings = settings;
        this.stamper = new Stamper(settings, parts);
        this.renewer = new Renewer(settings, parts, stamper);
        this.thread = new Thread(this::run, "terraseal-time-stamps");
        this.thread.setDaemon(true);
    }

    public void start() {
        if (!settings.authorities().isEmpty()) {
            thread.start();
        }
    }

    /** A checkpoint that is in the archive. Returns at once; only the newest at the end of an interval is stamped. */
    public void offer(Bytes note) {
        newest.set(note);
    }

    private void run() {
        try {
            long renewed = System.nanoTime() - RENEWALS.toNanos();
            // Soon after the start, so that a mistake in the settings shows at once.
            Duration wait = LOOK;
            while (!stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                wait = round();
                if (System.nanoTime() - renewed >= RENEWALS.toNanos()) {
                    renewed = System.nanoTime();
                    renewer.renew();
                }
            }
            round();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException unexpected) {
            LOG.error("action=time-stamp result=stopped reason=\"{}\"", unexpected.toString(), unexpected);
        }
    }

    /** Asks everybody, and those who fail again until the interval is over; how long until the next round. */
    private Duration round() throws InterruptedException {
        Bytes note = newest.get();
        if (note == null || Objects.equals(note, stamped) || Stamper.isEmpty(note)) {
            // The first entry after a quiet time is stamped soon.
            return LOOK;
        }
        List<TimeSettings.Authority> left = stamper.stamp(note, settings.authorities());
        Duration wait = RETRY_FIRST;
        Duration spent = Duration.ZERO;
        while (!left.isEmpty() && spent.plus(wait).compareTo(settings.interval()) < 0) {
            if (stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                return wait;
            }
            spent = spent.plus(wait);
            wait = wait.multipliedBy(2).compareTo(RETRY_LONGEST) > 0 ? RETRY_LONGEST : wait.multipliedBy(2);
            left = stamper.stamp(note, left);
        }
        stamped = note;
        return settings.interval().minus(spent);
    }

    /** Stamps the last checkpoint, if somebody answers within a few seconds, and stops. */
    @Override
    public void close() {
        stopping.countDown();
        try {
            thread.join(CLOSE.toMillis());
            thread.interrupt();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
