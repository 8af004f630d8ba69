package dev.terraseal.archiver;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits out what passes: a store that throttles, a key service that does not answer. As long as it takes, for nothing may
 * be acknowledged in between, and visibly.
 */
public final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private final Pause pause;
    private final ArchiverProgress progress;

    public Patience(Pause pause, ArchiverProgress progress) {
        this.pause = pause;
        this.progress = progress;
    }

    /** Waits between two attempts. */
    @FunctionalInterface
    public interface Pause {
        /** Waits; false at once, or as soon as it comes, if the archiver is to stop. */
        boolean await(Duration duration);
    }

    /** An attempt that may be repeated. */
    @FunctionalInterface
    public interface Attempt<T, E extends Exception> {
        T run() throws E;
    }

    /** Which failures pass. */
    @FunctionalInterface
    public interface Passing<E extends Exception> {
        boolean test(E failure);
    }

    /** @throws E the failure, if it does not pass or the archiver is to stop */
    public <T, E extends Exception> T until(Class<E> kind, Passing<E> passing, Attempt<T, E> attempt) throws E {
        Duration next = FIRST;
        boolean waited = false;
        while (true) {
            try {
                T result = attempt.run();
                if (waited) {
                    LOG.info("action=go-on");
                    progress.goesOn();
                }
                return result;
            } catch (Exception thrown) {
                E failure = requireKind(kind, thrown);
                if (!passing.test(failure)) {
                    throw failure;
                }
                LOG.warn("action=wait reason=\"{}\" millis={}", failure.getMessage(), next.toMillis());
                waited = true;
                progress.waits(String.valueOf(failure.getMessage()));
                if (!pause.await(next)) {
                    throw failure;
                }
                next = next.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : next.multipliedBy(2);
            }
        }
    }

    private static <E extends Exception> E requireKind(Class<E> kind, Exception thrown) {
        if (kind.isInstance(thrown)) {
            return kind.cast(thrown);
        }
        if (thrown instanceof RuntimeException unexpected) {
            throw unexpected;
        }
        throw new IllegalStateException("an attempt threw what it does not declare", thrown);
    }
}
