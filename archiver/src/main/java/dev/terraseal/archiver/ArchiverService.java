package dev.terraseal.archiver;

import dev.terraseal.archiver.recovery.ArchivedKeys;
import dev.terraseal.archiver.time.HttpQuestions;
import dev.terraseal.archiver.time.StampedFeed;
import dev.terraseal.archiver.time.Stamper;
import dev.terraseal.archiver.time.TimeProgress;
import dev.terraseal.archiver.time.TimeStamps;
import dev.terraseal.archiver.topic.CheckpointFeed;
import dev.terraseal.archiver.topic.KafkaCheckpointFeed;
import dev.terraseal.archiver.topic.KafkaSignedEntries;
import dev.terraseal.archiver.witness.WitnessedFeed;
import dev.terraseal.archiver.witness.Witnesses;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.kafka.FatalError;
import dev.terraseal.kafka.ForeignRecordException;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.kafka.TopicsWatch;
import dev.terraseal.kafka.UndecidedTransactionException;
import dev.terraseal.kafka.UnsafeTopicsException;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Validity;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log's archiver as a service: the {@link Archiver} in a thread of its own, with Kafka on both sides. It does not come
 * back after a fatal error; whoever runs it ends the process.
 */
public final class ArchiverService implements AutoCloseable {
    /** Objects kept at a time: each waits for a disk or a network. */
    private static final int WRITES = 8;

    private static final Logger LOG = LoggerFactory.getLogger(ArchiverService.class);
    private static final String NAME = "archiver";
    private static final Duration CLOSE = Duration.ofSeconds(30);

    private final ArchiverConfig config;
    private final Collaborators with;
    private final Consumer<FatalError> onFatal;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final ArchiverProgress progress = new ArchiverProgress();
    private final ExecutorService checks;
    private final ExecutorService writes;
    private final TopicsWatch topics;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final TimeProgress timeProgress = new TimeProgress();
    private final TimeStamps timeStamps;
    private final Thread thread;

    /**
     * What it works with.
     *
     * @param store where {@code log.json} of this log is; stays open when the service is closed
     * @param logKeys sign checkpoints
     */
    public record Collaborators(
            LogDeclaration log, KafkaConnection kafka, ArchiveStore store, KeyInForce logKeys, InstantSource clock) {}

    public ArchiverService(ArchiverConfig config, Collaborators with, Consumer<FatalError> onFatal) {
        this.config = config;
        this.with = with;
        this.onFatal = onFatal;
        this.checks = pool("terraseal-check-", Runtime.getRuntime().availableProcessors());
        this.writes = pool("terraseal-keep-", WRITES);
        this.topics = new TopicsWatch(NAME, TopicsWatch.logs(with.kafka(), NAME, config.logs()), this::unsafe);
        this.timeStamps = new TimeStamps(
                config.time(),
                new Stamper.Parts(
                        with.store(),
                        with.log().retention(),
                        new HttpQuestions(),
                        new SecureRandom(),
                        with.clock(),
                        timeProgress,
                        this::ownCheckpoints));
        this.thread = new Thread(this::run, "terraseal-archiver-" + config.partition());
    }

    private LongFunction<Validity> ownCheckpoints() throws StoreException {
        SignatureChecker checker = new SignatureChecker(Providers.fast());
        LogNotes notes = new LogNotes(
                new ArchivedKeys(with.store(), with.log(), checker).read().ring(), checker);
        return notes::ofSize;
    }

    /** Begins to take up the archive; returns at once. */
    public void start() {
        thread.start();
        topics.start();
        timeStamps.start();
    }

    public ArchiverProgress progress() {
        return progress;
    }

    public TimeProgress timeProgress() {
        return timeProgress;
    }

    private void run() {
        Patience patience = new Patience(this::pause, progress);
        try {
            topics.require();
            ArchiveLocks locks = new ArchiveLocks(with.store(), with.log(), with.clock());
            patience.until(StoreException.class, StoreException::retryable, () -> {
                locks.require();
                return true;
            });
            archive(patience);
        } catch (ArchiverStoppedException
                | StoreException
                | SigningException
                | KafkaUnavailableException
                | ForeignRecordException
                | UnsafeTopicsException
                | UndecidedTransactionException said) {
            end(String.valueOf(said.getMessage()), said);
        } catch (KafkaException broken) {
            end("Kafka failed in a way that does not pass: " + broken, broken);
        } catch (RuntimeException | Error unexpected) {
            end("stopped by a fault of its own: " + unexpected, unexpected);
        }
    }

    private void archive(Patience patience) throws StoreException, SigningException {
        SignatureChecker checker = new SignatureChecker(Providers.fast());
        try (KafkaSignedEntries entries = new KafkaSignedEntries(with.kafka(), config.partition(), with.clock());
                KafkaCheckpointFeed topic = new KafkaCheckpointFeed(
                        with.kafka(), config.partition(), with.log().origin(), patience, with.clock())) {
            CheckpointFeed stamped = new StampedFeed(topic, timeStamps::offer);
            if (config.witnesses().isEmpty()) {
                archive(patience, checker, entries, stamped);
                return;
            }
            try (Witnesses witnesses =
                    new Witnesses(config.witnesses().get(), with.log(), with.store(), checker, with.clock())) {
                witnesses.start();
                progress.witnessedBy(witnesses);
                archive(patience, checker, entries, new WitnessedFeed(stamped, witnesses));
            }
        }
    }

    private void archive(Patience patience, SignatureChecker checker, KafkaSignedEntries entries, CheckpointFeed feed)
            throws StoreException, SigningException {
        new Archiver(
                        new Archiver.Parts(
                                with.log(),
                                with.store(),
                                with.logKeys(),
                                checker,
                                checks,
                                writes,
                                entries,
                                feed,
                                patience,
                                progress,
                                with.clock(),
                                this::isStopping),
                        config.limits())
                .run();
    }

    /** What was taken is archived; nothing more is. */
    private void unsafe(UnsafeTopicsException unsafe) {
        end(String.valueOf(unsafe.getMessage()), unsafe);
        stopping.countDown();
    }

    private boolean pause(Duration duration) {
        try {
            return !stopping.await(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static ExecutorService pool(String name, int threads) {
        AtomicInteger numbers = new AtomicInteger();
        return Executors.newFixedThreadPool(threads, task -> {
            Thread worker = new Thread(task, name + numbers.incrementAndGet());
            worker.setDaemon(true);
            return worker;
        });
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void end(String message, Throwable cause) {
        if (isStopping()) {
            LOG.warn("action=stop result=unfinished reason=\"{}\"", message);
        } else if (ended.compareAndSet(false, true)) {
            onFatal.accept(new FatalError(NAME, message, cause));
        }
    }

    /** Archives what was taken, signs the last checkpoint, and stops; waits half a minute for that. */
    @Override
    public void close() {
        stopping.countDown();
        topics.close();
        try {
            thread.join(CLOSE.toMillis());
            if (thread.isAlive()) {
                LOG.warn("action=close result=timeout seconds={}", CLOSE.toSeconds());
                thread.interrupt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        // After the last checkpoint, so that it is stamped too.
        timeStamps.close();
        checks.shutdownNow();
        writes.shutdownNow();
    }
}
