package dev.terraseal.sequencer;

import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.kafka.FatalError;
import dev.terraseal.kafka.ForeignRecordException;
import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.kafka.Lag;
import dev.terraseal.kafka.TopicsWatch;
import dev.terraseal.kafka.UndecidedTransactionException;
import dev.terraseal.kafka.UnsafeTopicsException;
import dev.terraseal.keys.Providers;
import dev.terraseal.sequencer.state.DamagedLogException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sequencer, running. It ends itself when the log must not be continued, and says why once to {@code onFatal}; it is
 * then closed and never started again in this process.
 */
public final class SequencerService implements AutoCloseable {
    /** The name on the command line. */
    public static final String NAME = "sequencer";

    private static final Logger LOG = LoggerFactory.getLogger(SequencerService.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    private static final Duration REGISTRY_PAUSE = Duration.ofSeconds(2);

    private final SequencerConfig config;
    private final Consumer<FatalError> onFatal;
    private final SequencerProgress progress = new SequencerProgress();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch running = new CountDownLatch(1);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Stalls stalls;
    private final TopicsWatch watch;
    private final LagWatch lags;
    private final KafkaLogTopics topics;
    private final KafkaStreams streams;

    /**
     * Builds everything and starts nothing.
     *
     * @param schemas ids of our schemas in the registry
     * @param reading makes a reader of event values for each log
     * @param onFatal told once, on one of the service's threads, from which {@link #close} must not be called
     * @param clock for how long to wait for undecided transactions, and how often Kafka may stall; no time enters a
     *     statement
     */
    public SequencerService(
            SequencerConfig config,
            SchemaIds schemas,
            Supplier<EventReading> reading,
            TopicsGuard guard,
            Consumer<FatalError> onFatal,
            InstantSource clock) {
        this.config = config;
        this.onFatal = onFatal;
        this.stalls = new Stalls(clock);
        SignatureChecker checker = new SignatureChecker(Providers.fast());
        this.topics = new KafkaLogTopics(config, checker, reading, clock);
        SequenceProcessor.Shared shared = new SequenceProcessor.Shared(
                config.logs()::get, topics, schemas, checker, new Failures(), this::awaitRegistry, progress);
        this.streams = new KafkaStreams(
                SequencerTopology.build(config.topics(), config.minInsync(), shared, reading, config.commitInterval()),
                StreamsSettings.of(config),
                new StreamsClients());
        streams.setUncaughtExceptionHandler(this::broke);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
                running.countDown();
            }
        });
        this.lags = new LagWatch(this::lag);
        this.watch = new TopicsWatch(NAME, guard::require, this::unsafe);
    }

    /**
     * Checks the topics, settles where to go on, and begins to take events. Returns before the first one is taken.
     *
     * @throws SequencerStoppedException if the log must not be continued
     * @throws UnsafeTopicsException if the topics could lose evidence or are not as many as the logs
     * @throws KafkaUnavailableException if Kafka does not answer
     * @throws ForeignRecordException if somebody else wrote the newest record of {@code sequenced}
     * @throws UndecidedTransactionException if a transaction on a topic of the log stays open
     */
    public void start() {
        long begin = System.nanoTime();
        watch.require();
        long guarded = System.nanoTime();
        // First of all: everything after it asks for offsets, which Kafka does not tell while a transaction is open.
        new FormerLife(config).fence();
        long fenced = System.nanoTime();
        new StartOffsets(config, topics).settle();
        ChangelogTopic.ensure(config);
        LOG.info(
                "action=start guard_ms={} fence_ms={} settle_ms={}",
                millis(begin, guarded),
                millis(guarded, fenced),
                millis(fenced, System.nanoTime()));
        streams.start();
        watch.start();
        lags.start();
    }

    private static long millis(long from, long to) {
        return (to - from) / 1_000_000;
    }

    /**
     * Waits until every log's state is found and events are taken; false if that took longer than {@code limit}, or as
     * soon as the sequencer ended itself.
     */
    public boolean awaitReady(Duration limit) throws InterruptedException {
        return running.await(limit.toMillis(), TimeUnit.MILLISECONDS) && isReady();
    }

    /** Whether events are being taken right now. */
    public boolean isReady() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    public SequencerProgress progress() {
        return progress;
    }

    /** How many events wait, of the log that is furthest behind; −1 while that is not known. */
    public long behind() {
        return lags.behind();
    }

    private List<Lag> lag() {
        List<Lag> found = new ArrayList<>();
        try (Admin admin = config.kafka().admin(config.applicationId() + "-lag")) {
            for (int partition = 0; partition < config.logs().size(); partition++) {
                TopicPartition events = new TopicPartition(config.topics().events(), partition);
                Lag.ofGroup(admin, config.applicationId(), events).ifPresent(found::add);
            }
        }
        return found;
    }

    private void awaitRegistry() throws InterruptedException {
        // Ends early when the service closes; either way the event is taken again.
        boolean unused = closing.await(REGISTRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void unsafe(UnsafeTopicsException unsafe) {
        end(String.valueOf(unsafe.getMessage()), unsafe);
        streams.close(Duration.ZERO);
    }

    private StreamThreadExceptionResponse broke(Throwable thrown) {
        Throwable known = known(thrown);
        if (known == null && !ended.get() && stalls.another(thrown)) {
            // The new thread finds its place again as a start does; what the old one left open is ended or times out.
            LOG.warn("action=new-thread reason=\"{}\"", reasonOf(thrown));
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        end(known == null ? "Kafka Streams stopped: " + reasonOf(thrown) : String.valueOf(known.getMessage()), thrown);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** The exception of ours inside what Streams wrapped it in. */
    private static @Nullable Throwable known(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof SequencerStoppedException
                    || each instanceof DamagedLogException
                    || each instanceof ForeignRecordException
                    || each instanceof UndecidedTransactionException) {
                return each;
            }
        }
        return null;
    }

    /** What we asked in vain, or else what Kafka says at the bottom. */
    private static String reasonOf(Throwable thrown) {
        Throwable root = thrown;
        for (Throwable next = thrown; next != null; next = next.getCause()) {
            if (next instanceof KafkaUnavailableException ours) {
                return String.valueOf(ours.getMessage());
            }
            root = next;
        }
        return root.toString();
    }

    private void end(String message, Throwable cause) {
        if (ended.compareAndSet(false, true)) {
            onFatal.accept(new FatalError(NAME, message, cause));
        }
        running.countDown();
    }

    /** Finishes the running transaction and stops, within ten seconds. */
    @Override
    public void close() {
        closing.countDown();
        watch.close();
        lags.close();
        ended.set(true);
        if (!streams.close(CLOSE_LIMIT)) {
            LOG.warn("action=close result=timeout seconds={}", CLOSE_LIMIT.toSeconds());
        }
    }
}
