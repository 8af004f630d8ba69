package dev.terraseal.ingest;

import com.sun.net.httpserver.HttpHandler;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.ingest.follow.ArchivedEntries;
import dev.terraseal.ingest.follow.KnownIds;
import dev.terraseal.ingest.follow.LogFollower;
import dev.terraseal.ingest.follow.RecentRejections;
import dev.terraseal.ingest.follow.SentEvents;
import dev.terraseal.ingest.follow.SettledEvents;
import dev.terraseal.ingest.http.Admission;
import dev.terraseal.ingest.http.HttpApi;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Reply;
import dev.terraseal.ingest.http.Route;
import dev.terraseal.ingest.routes.AttachmentsRoute;
import dev.terraseal.ingest.routes.BatchesRoute;
import dev.terraseal.ingest.routes.EntriesRoute;
import dev.terraseal.ingest.routes.EventsRoute;
import dev.terraseal.ingest.routes.HeadsRoute;
import dev.terraseal.ingest.routes.ReadPathRoute;
import dev.terraseal.ingest.routes.ReadyRoute;
import dev.terraseal.ingest.routes.ReceiptsRoute;
import dev.terraseal.kafka.FatalError;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicsWatch;
import dev.terraseal.keys.Providers;
import dev.terraseal.schemas.json.EventEncoder;
import dev.terraseal.store.ArchiveStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** The HTTP API over one log: the object graph, and the order in which it starts and stops. */
public final class IngestService implements AutoCloseable {
    private static final String NAME = "ingest";
    /** Of the requests that are worked on: while the archive stands still, the others are events. */
    private static final int ARCHIVE_READS_MAX = 128;

    private final HttpApi http;
    private final Producer<byte[], byte[]> producer;
    private final LogFollower follower;
    private final HeadsTicker ticker;
    private final TopicsWatch topics;
    private final Metrics metrics = new Metrics();
    private final Admission reads = new Admission(
            ARCHIVE_READS_MAX, ARCHIVE_READS_MAX + " requests read the archive and no more may just now; ask again");
    private volatile boolean accepting = true;

    /**
     * What ingest works with.
     *
     * @param partition the log's, on every topic
     * @param logs how many there are: the partitions of every topic
     * @param eventSchemaId of the Event schema in the registry
     * @param identitySigner the ingest key, or null where callers are not authenticated
     * @param archivedKeyEvents reads them: receipts show them, and they say whose checkpoints count
     * @param mounts handlers of others to serve beside the API, by path: the embedded registry
     */
    public record Parts(
            LogDeclaration log,
            KafkaConnection kafka,
            int partition,
            int logs,
            int eventSchemaId,
            ArchiveStore archive,
            LogFollower.KeyEvents archivedKeyEvents,
            @Nullable MessageSigner identitySigner,
            Map<String, HttpHandler> mounts,
            SecureRandom random,
            InstantSource clock) {}

    /** Throws {@link dev.terraseal.kafka.UnsafeTopicsException} if the topics have other partitions than there are logs. */
    public IngestService(IngestConfig config, Parts parts, Consumer<FatalError> onFatal) throws IOException {
        Access access = new Access(
                config.tokens().isPresent() ? Tokens.read(config.tokens().get()) : null);
        topics = new TopicsWatch(NAME, TopicsWatch.logs(parts.kafka(), NAME, parts.logs()), unsafe -> {
            accepting = false;
            onFatal.accept(new FatalError(NAME, String.valueOf(unsafe.getMessage()), unsafe));
        });
        topics.require();
        SettledEvents settled = new SettledEvents();
        RecentRejections rejections = new RecentRejections();
        KnownIds ids = new KnownIds();
        SentEvents sent = new SentEvents();
        Attachments attachments = new Attachments(parts.archive(), parts.log().retention(), parts.clock());
        http = new HttpApi(config.listen())
                .guardedBy(access.guard(config.listen().getHostString()))
                .telling(problem ->
                        metrics.count("terraseal_http_problems_total", "code=\"" + problem.code() + "\"", 1));
        producer = parts.kafka().producer("terraseal-ingest-" + parts.partition());
        follower = follow(parts, new LogFollower.Boards(settled, rejections, ids), onFatal);
        LogReader reader = new LogReader(parts.log(), parts.archive(), follower.tail(), follower.archivedKeyEvents());
        EventSender sender = new EventSender(producer, parts.partition());
        ticker = new HeadsTicker(
                sender,
                () -> Bytes.wrap(
                        EventEncoder.headsTick(new Timestamp(parts.clock().millis()))
                                .encode(parts.eventSchemaId())),
                follower.tail(),
                parts.log().heartbeat(),
                parts.clock(),
                broken -> onFatal.accept(
                        new FatalError(NAME, "asking for heads entries ended: " + broken.getMessage(), broken)));
        EventIntake intake = new EventIntake(
                parts.log(), parts.eventSchemaId(), attachments, parts.identitySigner(), parts.random());
        EventsRoute events = new EventsRoute(
                new EventsRoute.Parts(access, intake, sender, ids, settled, sent, follower.tail(), reader, metrics));
        http.route("/v1/events", request -> {
                    requireAccepting();
                    return events.answer(request);
                })
                .route(
                        "/v1/receipts",
                        reads.around(new ReceiptsRoute(
                                access,
                                reader,
                                new ReceiptsRoute.Known(
                                        follower.tail(), ids, rejections, sent, settled, follower.open()::none))))
                .route(AttachmentsRoute.PATH, new AttachmentsRoute(access, attachments));
        serveLog(parts, access, reader);
        serveHealth(new ReadyRoute(() -> accepting, sender, ids));
        parts.mounts().forEach((path, handler) -> http.mount(path, access.guarded(handler)));
        gauges(settled, ids);
    }

    private static LogFollower follow(Parts parts, LogFollower.Boards boards, Consumer<FatalError> onFatal)
            throws IOException {
        LogFollower.Archived archived = new LogFollower.Archived(
                parts.log(),
                new ArchivedEntries(parts.archive()),
                parts.archivedKeyEvents(),
                new SignatureChecker(Providers.fast()));
        return LogFollower.start(
                parts.kafka(),
                parts.partition(),
                boards,
                archived,
                parts.clock(),
                broken -> onFatal.accept(new FatalError(
                        NAME, "following the log failed, so answers would be old: " + broken.getMessage(), broken)));
    }

    private void serveLog(Parts parts, Access access, LogReader reader) {
        Route entries = reads.around(new EntriesRoute(access, reader, follower.tail()));
        Route readPath = reads.around(new ReadPathRoute(parts.archive()));
        Bytes declaration = parts.log().bytes();
        http.route("/v1/entries", entries)
                .route("/v1/entries/", entries)
                .route(BatchesRoute.PATH, reads.around(new BatchesRoute(access, reader)))
                .route("/v1/heads", new HeadsRoute(access, ticker, follower.tail(), System::nanoTime))
                .route("/v1/log", reading(() -> Reply.bytes(200, "application/json", declaration)))
                .route("/checkpoint", readPath)
                .route("/tile/", readPath);
    }

    private void serveHealth(Route ready) {
        http.vital("/healthz", reading(() -> Reply.text(200, "ok\n")))
                .vital("/readyz", ready)
                .vital(
                        "/metrics",
                        reading(() -> Reply.bytes(
                                200, "text/plain; version=0.0.4; charset=utf-8", Bytes.utf8(metrics.text()))))
                .route("/openapi.json", reading(() -> Reply.bytes(200, "application/json", openApi())));
    }

    /** A route that only shows something. */
    private static Route reading(Shown shown) {
        return request -> {
            request.requireMethod("GET", "HEAD");
            return shown.reply();
        };
    }

    private interface Shown {
        Reply reply() throws IOException;
    }

    private void gauges(SettledEvents settled, KnownIds ids) {
        metrics.gauge("terraseal_log_size", follower.tail()::size);
        metrics.gauge("terraseal_checkpoint_size", follower.tail()::checkpointSize);
        metrics.gauge("terraseal_ingest_waiting", settled::waiting);
        metrics.gauge("terraseal_ingest_known_ids", ids::size);
        metrics.gauge("terraseal_ingest_known_ids_bytes", ids::heapBytes);
    }

    private void requireAccepting() throws ProblemException {
        if (!accepting) {
            throw ProblemException.unavailable(
                    "the service is stopping; nothing was accepted: send the same events again");
        }
    }

    private static Bytes openApi() throws IOException {
        try (InputStream in = IngestService.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IOException("openapi.json is not in this build; build it again");
            }
            return Bytes.wrap(in.readAllBytes());
        }
    }

    /** Where others add their counters and gauges. */
    public Metrics metrics() {
        return metrics;
    }

    public void start() {
        http.start();
        ticker.start();
        topics.start();
    }

    public InetSocketAddress address() {
        return http.address();
    }

    /** Stops accepting first, then sends what was accepted, then lets go of the rest. */
    @Override
    public void close() {
        accepting = false;
        topics.close();
        ticker.close();
        // Before the producer goes: what is being sent is confirmed to whoever sent it.
        http.stop(Duration.ofSeconds(1));
        producer.flush();
        producer.close(Duration.ofSeconds(5));
        follower.close();
    }
}
