package dev.terraseal.ingest.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.terraseal.store.StoreException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JDK's HTTP server with bounded work. So many requests are worked on at once; one beyond them is answered 429 with
 * Retry-After, for which threads are set aside. When even those are busy a connection waits in a short queue, and beyond
 * that it is closed. Health, readiness and metrics are answered under any load those threads can bear.
 */
public final class HttpApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
    static final int WORKING_MAX = 256;
    /** Threads that only refuse, and answer {@link #vital} routes. */
    private static final int SPARE = 32;

    private static final int QUEUE_MAX = 1024;

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Admission working;

    /** Binds {@code address}; port 0 takes a free one. */
    public HttpApi(InetSocketAddress address) throws IOException {
        this(address, WORKING_MAX);
    }

    HttpApi(InetSocketAddress address, int workingMax) throws IOException {
        server = HttpServer.create(address, QUEUE_MAX);
        working = new Admission(
                workingMax,
                "the service works on " + workingMax + " requests and takes no more just now; nothing was done");
        AtomicInteger number = new AtomicInteger();
        int most = workingMax + SPARE;
        threads =
                new ThreadPoolExecutor(most, most, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE_MAX), task -> {
                    Thread thread = new Thread(task, "http-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
        vital("/", request -> {
            throw nothingAt(request.path());
        });
    }

    /** Serves {@code path}, and all below it if it ends in a slash. */
    public HttpApi route(String path, Route route) {
        Route exact = exact(path, route);
        server.createContext(path, exchange -> {
            try {
                working.enter();
            } catch (ProblemException full) {
                send(exchange, full.reply());
                return;
            }
            try {
                send(exchange, replyTo(exchange, exact));
            } finally {
                working.leave();
            }
        });
        return this;
    }

    /** A route that is answered also when no more work is taken; it must not block. */
    public HttpApi vital(String path, Route route) {
        Route exact = exact(path, route);
        server.createContext(path, exchange -> send(exchange, replyTo(exchange, exact)));
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

    /** Mounts a handler that speaks to the exchange itself. */
    public HttpApi mount(String path, HttpHandler handler) {
        server.createContext(path, handler);
        return this;
    }

    public void start() {
        server.start();
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    private static Reply replyTo(HttpExchange exchange, Route route) throws IOException {
        try {
            return route.answer(Request.of(exchange));
        } catch (ProblemException problem) {
            return problem.reply();
        } catch (StoreException notNow) {
            LOG.warn(
                    "event=store-failed path={} reason=\"{}\"",
                    exchange.getRequestURI().getPath(),
                    notNow.getMessage());
            return ProblemException.unavailable("the archive did not answer: " + notNow.getMessage())
                    .reply();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return ProblemException.unavailable("the service is stopping; send the same request again")
                    .reply();
        } catch (RuntimeException unexpected) {
            LOG.error(
                    "event=request-failed method={} path={}",
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    unexpected);
            return new ProblemException(
                            500,
                            "internal",
                            "the request failed inside the service; its log has the reason. "
                                    + "An event may or may not have been kept: send the same id again")
                    .reply();
        }
    }

    /**
     * Sends the reply. When that fails the exchange is left open on purpose: closing it would end the body as if it were
     * whole, and the server cuts the connection of a handler that throws.
     */
    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (reply instanceof Reply.Whole whole) {
            boolean empty = head || whole.body().isEmpty();
            if (head) {
                exchange.getResponseHeaders()
                        .set("Content-Length", String.valueOf(whole.body().length()));
            }
            exchange.sendResponseHeaders(
                    whole.status(), empty ? -1 : whole.body().length());
            if (!empty) {
                whole.body().writeTo(exchange.getResponseBody());
            }
        } else if (reply instanceof Reply.Streamed streamed) {
            try {
                exchange.sendResponseHeaders(streamed.status(), head ? -1 : 0);
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
        exchange.close();
    }

    /** Stops accepting, lets running requests end within {@code grace}, then cuts them. */
    public void stop(Duration grace) {
        server.stop((int) Math.max(0, grace.toSeconds()));
        threads.shutdownNow();
    }

    @Override
    public void close() {
        stop(Duration.ZERO);
    }
}
