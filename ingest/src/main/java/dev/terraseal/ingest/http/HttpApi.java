package dev.terraseal.ingest.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.terraseal.store.StoreException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JDK's HTTP server with bounded work. So many requests are worked on at once; one beyond them is answered 429 with
 * Retry-After, for which threads are set aside. When even those are busy a connection waits in a short queue, and beyond
 * that it is closed. A connection on which the client sends or takes nothing is cut. Health, readiness and metrics are
 * answered under any load those threads can bear.
 */
public final class HttpApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
    static final int WORKING_MAX = 256;

    private static final int BACKLOG = 1024;

    private final HttpServer server;
    private final Limits limits;
    private final StallWatch watch;
    private final HttpThreads threads;
    private final Admission working;
    private Guard guard = request -> {};
    private Consumer<ProblemException> told = problem -> {};

    /**
     * How much at once, and how patient.
     *
     * @param working requests that are worked on
     * @param waiting threads beside those: for connections whose request is not there yet, for refusals, and for
     *     {@link #vital} routes
     * @param headers in which the head of a request has to come
     * @param stall in which something of a body has to come, or something of an answer to be taken
     * @param mounted how long a handler of others may take in which we see nothing move
     */
    record Limits(int working, int waiting, Duration headers, Duration stall, Duration mounted) {
        static final Limits DEFAULT =
                new Limits(WORKING_MAX, 768, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(3));
    }

    /** Binds {@code address}; port 0 takes a free one. */
    public HttpApi(InetSocketAddress address) throws IOException {
        this(address, Limits.DEFAULT);
    }

    HttpApi(InetSocketAddress address, Limits limits) throws IOException {
        this.limits = limits;
        server = HttpServer.create(address, BACKLOG);
        working = new Admission(
                limits.working(),
                "the service works on " + limits.working() + " requests and takes no more just now; nothing was done");
        watch = new StallWatch(
                Duration.ofMillis(Math.min(1_000, limits.headers().toMillis() / 2)));
        threads = new HttpThreads(limits.working() + limits.waiting(), watch, limits.headers());
        server.setExecutor(threads);
        vital("/", request -> {
            throw nothingAt(request.path());
        });
    }

    /** Asks {@code guard} before every route and mounted handler; not before {@link #vital} ones. Call it first. */
    public HttpApi guardedBy(Guard newGuard) {
        guard = newGuard;
        return this;
    }

    /** Tells {@code observer} of every problem that is answered. Call it first. */
    public HttpApi telling(Consumer<ProblemException> observer) {
        told = observer;
        return this;
    }

    /** Serves {@code path}, and all below it if it ends in a slash. */
    public HttpApi route(String path, Route route) {
        Route admitted = working.around(route);
        Route exact = exact(path, request -> {
            guard.check(request);
            return admitted.answer(request);
        });
        server.createContext(path, exchange -> answer(exchange, exact));
        return this;
    }

    /** A route that is answered also when no more work is taken; it must not block. */
    public HttpApi vital(String path, Route route) {
        Route exact = exact(path, route);
        server.createContext(path, exchange -> answer(exchange, exact));
        return this;
    }

    /** The server matches by prefix; {@code /v1/eventsource} is nothing of ours. */
    private static Route exact(String path, Route route) {
        return request -> {
            if (!path.endsWith("/") && !request.path().equals(path)) {
                throw nothingAt(request.path());
            }
            return route.answer(request);
        };
    }

    private static ProblemException nothingAt(String path) {
        return new ProblemException(
                404, "not-found", "nothing is at '" + path + "'; /openapi.json lists what there is");
    }

    /** Mounts a handler that speaks to the exchange itself. It takes a place among the requests that are worked on. */
    public HttpApi mount(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            StallWatch.Turn turn = take(exchange);
            List<Runnable> afterwards = new ArrayList<>();
            try {
                guard.check(Request.of(exchange, afterwards));
                working.enter();
            } catch (ProblemException refused) {
                told.accept(refused);
                send(exchange, turn, refused.reply());
                return;
            }
            try {
                turn.works(limits.mounted());
                handler.handle(exchange);
            } finally {
                working.leave();
            }
        });
        return this;
    }

    public void start() {
        server.start();
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    private StallWatch.Turn take(HttpExchange exchange) {
        StallWatch.Turn turn = watch.turn();
        turn.works();
        WatchedStreams.on(exchange, turn, limits.stall());
        return turn;
    }

    private void answer(HttpExchange exchange, Route route) throws IOException {
        StallWatch.Turn turn = take(exchange);
        List<Runnable> afterwards = new ArrayList<>();
        try {
            send(exchange, turn, replyTo(exchange, route, afterwards));
        } finally {
            afterwards.forEach(Runnable::run);
        }
    }

    private Reply replyTo(HttpExchange exchange, Route route, List<Runnable> afterwards) throws IOException {
        try {
            return route.answer(Request.of(exchange, afterwards));
        } catch (ProblemException problem) {
            return told(problem);
        } catch (StoreException failed) {
            return told(storeFailed(exchange.getRequestURI().getPath(), failed));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return told(ProblemException.unavailable("the service is stopping; send the same request again"));
        } catch (RuntimeException unexpected) {
            LOG.error(
                    "event=request-failed method={} path={}",
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    unexpected);
            return told(new ProblemException(
                    500,
                    "internal",
                    "the request failed inside the service; its log has the reason. "
                            + "An event may or may not have been kept: send the same id again"));
        }
    }

    private Reply told(ProblemException problem) {
        told.accept(problem);
        return problem.reply();
    }

    /** The store's own words name buckets and permissions: they are for the operator's log and no answer. */
    private static ProblemException storeFailed(String path, StoreException failed) {
        LOG.warn("event=store-failed path={} reason=\"{}\"", path, failed.getMessage());
        return failed.retryable()
                ? ProblemException.unavailable(
                        "the archive did not answer; ask again, the service's log has the reason")
                : new ProblemException(
                        500,
                        "archive-failed",
                        "the archive does not give what this needs, and asking again will not help: the service's log"
                                + " has the reason");
    }

    /**
     * Sends the reply. When that fails the exchange is left open on purpose: closing it would end the body as if it were
     * whole, and the server cuts the connection of a handler that throws.
     */
    private void send(HttpExchange exchange, StallWatch.Turn turn, Reply reply) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (reply instanceof Reply.Whole whole) {
            boolean empty = head || whole.body().isEmpty();
            if (head) {
                exchange.getResponseHeaders()
                        .set("Content-Length", String.valueOf(whole.body().length()));
            }
            begin(exchange, turn, whole.status(), empty ? -1 : whole.body().length());
            if (!empty) {
                whole.body().writeTo(exchange.getResponseBody());
            }
        } else if (reply instanceof Reply.Streamed streamed) {
            try {
                begin(exchange, turn, streamed.status(), head ? -1 : 0);
                if (!head) {
                    streamed.writer().writeTo(exchange.getResponseBody());
                }
            } catch (StoreException broken) {
                LOG.warn(
                        "event=answer-cut path={} reason=\"{}\"",
                        exchange.getRequestURI().getPath(),
                        broken.getMessage());
                throw broken;
            } finally {
                streamed.ended().run();
            }
        }
        turn.waiting(limits.stall(), exchange::close);
    }

    private void begin(HttpExchange exchange, StallWatch.Turn turn, int status, long length) throws IOException {
        turn.waiting(limits.stall(), () -> exchange.sendResponseHeaders(status, length));
    }

    /** Stops accepting, lets running requests end within {@code grace}, then cuts them. */
    public void stop(Duration grace) {
        server.stop((int) Math.max(0, grace.toSeconds()));
        threads.shutdownNow();
        watch.close();
    }

    @Override
    public void close() {
        stop(Duration.ZERO);
    }
}
