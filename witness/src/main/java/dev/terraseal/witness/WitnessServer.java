package dev.terraseal.witness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.witness.AddCheckpoint;
import dev.terraseal.store.StoreException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** C2SP tlog-witness over HTTP: {@code POST /add-checkpoint}, and {@code GET /<SHA-256 of the origin>/checkpoint}. */
public final class WitnessServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WitnessServer.class);
    private static final String ADD = "/add-checkpoint";
    private static final String CHECKPOINT = "/checkpoint";
    /** More threads than requests that may be in work, so that some are left for whoever only reads, /healthz too. */
    private static final int THREADS = 24;

    private static final int IN_WORK = 16;
    private static final int QUEUE = 256;

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Semaphore inWork = new Semaphore(IN_WORK);
    private final Map<String, WitnessedLog> byOrigin = new HashMap<>();
    private final Map<String, WitnessedLog> byHash = new HashMap<>();

    public WitnessServer(InetSocketAddress listen, Collection<WitnessedLog> logs) throws IOException {
        for (WitnessedLog log : logs) {
            byOrigin.put(log.origin(), log);
            byHash.put(StateDirectory.hash(log.origin()), log);
        }
        server = HttpServer.create(listen, QUEUE);
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), task -> {
                    Thread thread = new Thread(task, "witness-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    public void start() {
        server.start();
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        @Nullable Answer answer;
        try {
            if (path.equals(ADD)) {
                answer = method.equals("POST") ? add(exchange) : new Answer.Refused(405, "POST a request");
            } else {
                answer = method.equals("GET") ? read(exchange, path) : new Answer.Refused(405, "GET a checkpoint");
            }
        } catch (StoreException notNow) {
            LOG.error("action=remember result=failed reason=\"{}\"", notNow.getMessage());
            answer = Answer.later("the witness could not write what it is to remember, so it cosigned nothing");
        } catch (RuntimeException unexpected) {
            LOG.error("action=answer result=failed path={}", path, unexpected);
            answer = new Answer.Refused(500, "the request failed inside the witness; its log has the reason");
        }
        if (answer != null) {
            send(exchange, answer.status(), answer.contentType(), answer.body().getBytes(StandardCharsets.UTF_8));
        }
        exchange.close();
    }

    private Answer add(HttpExchange exchange) throws IOException {
        if (!inWork.tryAcquire()) {
            return Answer.later("this witness has " + IN_WORK + " requests in work: ask again");
        }
        try {
            return add(exchange.getRequestBody().readNBytes(AddCheckpoint.MAX_BYTES + 1));
        } finally {
            inWork.release();
        }
    }

    private Answer add(byte[] body) throws StoreException {
        AddCheckpoint request;
        try {
            request = AddCheckpoint.parse(Bytes.wrap(body));
        } catch (NoteException malformed) {
            return Answer.malformed(String.valueOf(malformed.getMessage()));
        }
        String text = request.note().text();
        WitnessedLog log = byOrigin.get(text.substring(0, text.indexOf('\n')));
        if (log == null) {
            return new Answer.Refused(404, "this witness does not know the log of that origin");
        }
        try {
            TreeHead unused = TreeHead.parse(text);
        } catch (NoteException malformed) {
            // The one fault of a checkpoint that the protocol answers otherwise: an empty tree with another root.
            boolean empty = text.substring(text.indexOf('\n') + 1).startsWith("0\n");
            return new Answer.Refused(empty ? 422 : 400, String.valueOf(malformed.getMessage()));
        }
        return log.add(request);
    }

    /** Sends a checkpoint itself; otherwise says why not. */
    private @Nullable Answer read(HttpExchange exchange, String path) throws IOException {
        if (path.equals("/healthz")) {
            send(exchange, 200, Answer.TEXT, "ok\n".getBytes(StandardCharsets.UTF_8));
            return null;
        }
        boolean form = path.endsWith(CHECKPOINT) && path.length() == 1 + 64 + CHECKPOINT.length();
        WitnessedLog log = form ? byHash.get(path.substring(1, 65)) : null;
        if (log == null) {
            return new Answer.Refused(
                    404, "there are POST " + ADD + " and GET /<hex SHA-256 of the origin of a known log>" + CHECKPOINT);
        }
        Optional<SignedNote> newest = log.newest();
        if (newest.isEmpty()) {
            return new Answer.Refused(404, "this witness has cosigned nothing of " + log.origin() + " yet");
        }
        send(exchange, 200, Answer.TEXT, newest.get().bytes().toByteArray());
        return null;
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (status == 503) {
            exchange.getResponseHeaders().set("Retry-After", "5");
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
