package dev.terraseal.cli.up;

import dev.terraseal.archiver.recovery.ArchivedKeys;
import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.embedded.BrokerUnavailableException;
import dev.terraseal.embedded.EmbeddedBroker;
import dev.terraseal.embedded.registry.RegistryServer;
import dev.terraseal.ingest.IngestService;
import dev.terraseal.kafka.FatalError;
import dev.terraseal.kafka.ForeignRecordException;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.kafka.UndecidedTransactionException;
import dev.terraseal.kafka.UnsafeTopicsException;
import dev.terraseal.keys.KeySources;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.LogBirth;
import dev.terraseal.keys.Providers;
import dev.terraseal.sequencer.SequencerStoppedException;
import dev.terraseal.store.ArchiveStore;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything {@code up} runs. It starts from what others need to what needs others, and stops in the reverse order: first
 * nothing more is accepted, last the broker goes.
 */
public final class Stack implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Stack.class);
    private static final long CLOSE_SECONDS = 60;

    private final UpOptions options;
    private final Consumer<FatalError> onFatal;
    private final Deque<Part> parts = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final SecureRandom random = new SecureRandom();
    private final Clock clock = Clock.systemUTC();
    private final AtomicReference<@Nullable FatalError> fatal = new AtomicReference<>();
    private Json.Obj ready = Json.obj().build();
    private String advice = "";

    private record Part(String name, AutoCloseable closeable) {}

    private Stack(UpOptions options, Consumer<FatalError> onFatal) {
        this.options = options;
        this.onFatal = fatal -> {
            this.fatal.compareAndSet(null, fatal);
            onFatal.accept(fatal);
        };
    }

    /**
     * Returns when events are taken.
     *
     * @param onFatal told once, from any thread, when a part stopped for good; the process must end then
     */
    public static Stack start(UpOptions options, Consumer<FatalError> onFatal) throws CommandFailedException {
        Stack stack = new Stack(options, onFatal);
        try {
            stack.startAll();
            return stack;
        } catch (CommandFailedException said) {
            FatalError first = stack.fatal.get();
            stack.close();
            // What stopped a part says more than that the whole did not come up.
            throw first == null ? said : CommandFailedException.unavailable(first.toString(), said);
        } catch (IOException
                | KeyUnavailableException
                | BrokerUnavailableException
                | KafkaUnavailableException
                | UnsafeTopicsException
                | ForeignRecordException
                | UndecidedTransactionException
                | SequencerStoppedException failed) {
            stack.close();
            throw CommandFailedException.unavailable(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            stack.close();
            throw CommandFailedException.unavailable("interrupted while starting", interrupted);
        }
    }

    private void startAll() throws CommandFailedException, IOException, KeyUnavailableException, InterruptedException {
        StartPhases phases = new StartPhases();
        // First of all: where another up runs here, it is that one which holds the port too.
        DataDirectory data = keep("data directory", DataDirectory.open(options.data()));
        requirePort(options.http().listen());
        ArchiveStore archive = keep("archive", options.archive().open());
        KeySources keys = new KeySources(data.keys(), options.kms(), random);
        LogDeclaration log = LogInstance.openOrBegin(data, options, archive, keys, random, this::born);
        phases.done("data");
        EmbeddedBroker broker = keep("broker", EmbeddedBroker.start(data.kafka(), options.kafkaPort(), Stack::sayLast));
        KafkaConnection kafka = new KafkaConnection(broker.bootstrap(), Map.of());
        phases.done("broker");
        Ground.createTopics(kafka);
        phases.done("topics");
        RegistryServer registry = keep("registry", RegistryServer.open(kafka, clock));
        Ground ground = new Ground(log, kafka, archive, keys, registry, data, clock);
        phases.done("registry");
        IngestService ingest = new StackServices(options, ground, this::keep, onFatal, phases).start(random);
        ready = describe(ingest, broker, log, archive);
        data.write(data.upJson(), ready.bytes());
        LOG.info("event=up {}", phases);
    }

    private void born(LogBirth.Born log) {
        advice = log.advice();
    }

    /** The process ends when this returns, so nobody else comes to say it. */
    private static void sayLast(String why) {
        System.err.println("terraseal: broker: " + why);
        System.err.flush();
    }

    /** Asked before anything is started; ingest, which listens there, starts last. */
    private static void requirePort(InetSocketAddress listen) throws CommandFailedException, IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(listen);
        } catch (SocketException refused) {
            String reason = String.valueOf(refused.getMessage());
            throw CommandFailedException.usage(
                    reason.contains("Address already in use")
                            ? "HTTP port " + listen.getPort()
                                    + " is taken by another program; stop it, or choose another"
                                    + " with --port (0 takes a free one)"
                            : "HTTP cannot listen on " + inUrl(listen) + " (" + reason
                                    + "): give --host an address of this machine, and --port one that this user may take");
        }
    }

    private Json.Obj describe(IngestService ingest, EmbeddedBroker broker, LogDeclaration log, ArchiveStore archive)
            throws IOException {
        KeyRing ring = new ArchivedKeys(archive, log, new SignatureChecker(Providers.fast()))
                .read()
                .ring();
        SequenceNumber next = new SequenceNumber(LogInstance.archivedSize(log, archive));
        String http = "http://" + inUrl(ingest.address());
        return Json.obj()
                .put("archive", options.archive().toString())
                .put("genesis", log.genesis())
                .put("http", http)
                .put("kafka", broker.bootstrap())
                .put(
                        "logKey",
                        VerifierKey.ofLog(
                                        log.origin(),
                                        ring.signingTogether(KeyUse.LOG, next)
                                                .get(0)
                                                .get(0))
                                .text())
                .put("origin", log.origin().value())
                .put("ready", true)
                .put("registry", http)
                .putIfPresent("s3", UpFile.s3(options.archive()))
                .build();
    }

    /** As it stands in a URL. A loopback address is written as ingest knows it in the header Host. */
    private static String inUrl(InetSocketAddress at) {
        InetAddress address = at.getAddress();
        String host = address.getHostAddress();
        boolean six = address instanceof Inet6Address;
        return (six ? "[" + (address.isLoopbackAddress() ? "::1" : host) + "]" : host) + ":" + at.getPort();
    }

    private <T extends AutoCloseable> T keep(String name, T part) {
        parts.push(new Part(name, part));
        return part;
    }

    /** The line that says where everything is. */
    public Json.Obj ready() {
        return ready;
    }

    /** What the operator of a log that began with this start should do now; empty for any other. */
    String advice() {
        return advice;
    }

    public String readyText() {
        return "terraseal is ready: log " + ready.string("origin") + ", events to " + ready.string("http")
                + "/v1/events, Kafka " + ready.string("kafka") + ", archive " + ready.string("archive") + ", genesis "
                + ready.string("genesis");
    }

    /** Waits until {@link #close} is through: the process may end then. */
    void awaitClosed() {
        try {
            if (!closed.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("event=close-timeout consequence=\"the next start takes longer, nothing is lost\"");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            try {
                part.closeable().close();
            } catch (Exception failed) {
                // The others must still be closed; what this one held is found again at the next start.
                LOG.warn("event=close-failed part=\"{}\" reason=\"{}\"", part.name(), failed.toString());
            }
        }
        closed.countDown();
    }
}
