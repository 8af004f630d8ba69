package dev.terraseal.signer;

import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.kafka.FatalError;
import dev.terraseal.kafka.ForeignRecordException;
import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.kafka.TopicsWatch;
import dev.terraseal.kafka.UndecidedTransactionException;
import dev.terraseal.kafka.UnsafeTopicsException;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.Providers;
import dev.terraseal.signer.AttestationOutput.FencedException;
import dev.terraseal.signer.check.Floor;
import dev.terraseal.signer.check.RefusedEntryException;
import dev.terraseal.store.ArchiveStore;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signer of one log. Where Kafka does not answer for a while, or ended a transaction that took too long, it begins again
 * from the end of {@code attestations}, as a new process would; whatever else goes wrong stops it for good.
 */
public final class SignerService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SignerService.class);
    private static final String NAME = "signer";
    private static final int TRIES = 10;
    private static final long PAUSE_MILLIS = 1_000;
    private static final Duration STOP = Duration.ofSeconds(10);

    private final SignerConfig config;
    private final LogDeclaration log;
    private final KeyInForce attest;
    private final SignatureChecker checker = new SignatureChecker(Providers.fast());
    private final int schemaId;
    private final BatchShelf shelf;
    private final InstantSource clock;
    private final Consumer<FatalError> onFatal;
    private final FloorMemory floor;
    private final OwnTimeouts ownTimeouts;
    private final ExecutorService pool;
    private final ExecutorService commits = threads(1, "terraseal-signer-commit-");
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "terraseal-signer");
    private final SignerWatch watch = new SignerWatch(this::status);
    private final TopicsWatch topics;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile @Nullable SigningLoop loop;
    private volatile boolean stopped;

    /**
     * @param attest the log's {@code attest} keys
     * @param schemaId of the attestation schema at the registry
     * @param archive keeps batches; null only where {@code config} makes none
     * @param onFatal called once, on a thread of the signer's, if it stops for good by itself
     */
    public SignerService(
            SignerConfig config,
            LogDeclaration log,
            KeyInForce attest,
            int schemaId,
            @Nullable ArchiveStore archive,
            InstantSource clock,
            Consumer<FatalError> onFatal) {
        this.config = config;
        this.shelf = shelf(config, log, archive, clock);
        this.log = log;
        this.attest = attest;
        this.schemaId = schemaId;
        this.clock = clock;
        this.onFatal = onFatal;
        this.floor = new FloorMemory(config.floor(), log, clock);
        this.ownTimeouts = new OwnTimeouts(clock);
        this.topics = new TopicsWatch(NAME, TopicsWatch.logs(config.kafka(), NAME, config.logs()), this::unsafe);
        this.pool = threads(config.calls(), "terraseal-sign-");
    }

    private static ExecutorService threads(int count, String name) {
        AtomicInteger numbers = new AtomicInteger();
        return Executors.newFixedThreadPool(count, task -> {
            Thread worker = new Thread(task, name + numbers.incrementAndGet());
            worker.setDaemon(true);
            return worker;
        });
    }

    private BatchShelf shelf(
            SignerConfig config, LogDeclaration log, @Nullable ArchiveStore archive, InstantSource clock) {
        if (archive != null) {
            return new ArchivedBatches(archive, log, checker, clock);
        }
        if (config.signing().mayBatch()) {
            throw new IllegalArgumentException("a signer that makes batches needs an archive to keep them");
        }
        return BatchShelf.NONE;
    }

    public void start() {
        LOG.info(
                "event=signer_start log={} partition={} keys=\"{}\" calls={} signing={}",
                log.origin(),
                config.partition(),
                config.places(),
                config.calls(),
                config.signing().mode());
        thread.start();
        watch.start();
        topics.start();
    }

    public SignerStatus status() {
        SigningLoop running = loop;
        SignerStatus status = running == null ? SignerStatus.BEFORE_START : running.status();
        return stopped ? status.stopped() : status;
    }

    private void run() {
        try {
            while (stopping.getCount() > 0 && turn()) {
                stopping.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error unforeseen) {
            fatal("stopped by something nobody foresaw: " + unforeseen, unforeseen);
        } finally {
            stopped = true;
        }
    }

    /** One life from taking over to a failure. True if another is worth trying. */
    private boolean turn() {
        try {
            live();
            return false;
        } catch (FencedException fenced) {
            return ownTimeouts.another(fenced) ? again(fenced) : fatal(String.valueOf(fenced.getMessage()), fenced);
        } catch (RefusedEntryException | IOException refused) {
            return fatal(String.valueOf(refused.getMessage()), refused);
        } catch (SigningException lasting) {
            return fatal(lasting.getMessage() + ". Nothing is skipped: entries wait on terraseal.sequenced", lasting);
        } catch (ForeignRecordException | UndecidedTransactionException | UnsafeTopicsException stop) {
            return fatal(String.valueOf(stop.getMessage()), stop);
        } catch (InvalidOffsetException gone) {
            return fatal(
                    "entries were deleted from terraseal.sequenced before they were signed (" + gone.getMessage()
                            + "). Restore that topic; let nothing but `terraseal topics trim` delete from it",
                    gone);
        } catch (AuthorizationException
                | AuthenticationException
                | RecordTooLargeException
                | UnsupportedVersionException configuration) {
            return fatal(
                    "Kafka refuses: " + configuration.getMessage() + ". See docs/keys.md for what a signer must be"
                            + " allowed, and start again",
                    configuration);
        } catch (KafkaException | KafkaUnavailableException passing) {
            return again(passing);
        }
    }

    private boolean again(Exception passing) {
        if (stopping.getCount() == 0) {
            return false;
        }
        int tries = failures.incrementAndGet();
        if (tries >= TRIES) {
            return fatal(
                    "Kafka did not work " + tries + " times in a row, the last time: " + passing.getMessage()
                            + ". Mend it and start again; nothing is lost",
                    passing);
        }
        LOG.warn("event=signer_again log={} try={} reason=\"{}\"", log.origin(), tries, passing.toString());
        return true;
    }

    private void live() throws RefusedEntryException, SigningException, FencedException, IOException {
        topics.require();
        String clientId = "terraseal-signer-" + log.origin() + "-" + config.partition();
        try (AttestationOutput output =
                        new KafkaAttestationOutput(config.kafka(), config.partition(), log, schemaId, clock);
                EntryInput input = new KafkaEntryInput(config.kafka(), clientId, config.partition(), clock)) {
            SigningLoop.Ports ports = new SigningLoop.Ports(
                    input, output, floors(), shelf, pool, commits, clock, this::awaitUnlessStopping, SigningLoop.IDLE);
            AttestKeys keys = AttestKeys.read(config.keyEvents(), log, attest, checker);
            SigningLoop running = new SigningLoop(log, ports, keys, config.signing(), config.limits(), this::committed);
            loop = running;
            if (stopping.getCount() > 0) {
                running.run();
            }
        } finally {
            floor.write();
        }
    }

    private boolean awaitUnlessStopping(Duration duration) {
        try {
            return !stopping.await(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private FloorSource floors() throws IOException, RefusedEntryException {
        Optional<Floor> kept = floor.read();
        return ring -> {
            List<Floor> floors = new ArrayList<>();
            kept.ifPresent(floors::add);
            CheckpointFloor.read(config.kafka(), config.partition(), ring, checker, clock)
                    .ifPresent(floors::add);
            return floors;
        };
    }

    private void committed(LogHead head) {
        failures.set(0);
        floor.committed(head);
    }

    private void unsafe(UnsafeTopicsException unsafe) {
        boolean unused = fatal(String.valueOf(unsafe.getMessage()), unsafe);
        stopping.countDown();
        stopLoop();
    }

    private void stopLoop() {
        SigningLoop running = loop;
        if (running != null) {
            running.stop();
        }
    }

    private boolean fatal(String message, Throwable cause) {
        if (stopping.getCount() > 0 && ended.compareAndSet(false, true)) {
            LOG.error("event=signer_stopped log={} reason=\"{}\"", log.origin(), message, cause);
            onFatal.accept(new FatalError(NAME, message, cause));
        }
        return false;
    }

    /** What is in flight is discarded and signed again at the next start. */
    @Override
    public void close() {
        stopping.countDown();
        stopLoop();
        watch.close();
        topics.close();
        pool.shutdownNow();
        try {
            thread.join(STOP.toMillis());
            // A key service that does not answer is asked for longer than that.
            thread.interrupt();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        // After the last transaction: it is ended, not cut off.
        commits.shutdown();
        LOG.info("event=signer_stop log={} next={}", log.origin(), status().next());
    }
}
