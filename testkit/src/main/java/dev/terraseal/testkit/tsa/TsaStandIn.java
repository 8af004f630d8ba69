package dev.terraseal.testkit.tsa;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.tsp.TimeStampRequest;

/**
 * A time-stamping authority by HTTP on loopback, which holds its clients to RFC 3161: POST, the right content type, a
 * SHA-256 imprint, a nonce, and its certificates asked for. Answers as it was told to.
 */
public final class TsaStandIn implements AutoCloseable {
    private final TestAuthority authority;
    private final InstantSource clock;
    private final HttpServer server;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger wrongly = new AtomicInteger();
    private volatile Mood mood = Mood.WELL;
    private volatile Flaw flaw = Flaw.NONE;

    /** How it is with HTTP. */
    public enum Mood {
        WELL,
        /** HTTP 503. */
        UNAVAILABLE,
        /** HTTP 200 and a page of HTML, as a proxy sends it. */
        A_PAGE,
        /** Half an answer, and then the connection breaks. */
        HALF,
        /** Bytes that are no answer under the right type. */
        NONSENSE,
        /** No answer until it is closed. */
        SILENT
    }

    public TsaStandIn(TestAuthority authority, InstantSource clock) throws IOException {
        this.authority = authority;
        this.clock = clock;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/tsr");
    }

    public void mood(Mood next) {
        mood = next;
    }

    /** What is wrong with its tokens from here on. */
    public void flaw(Flaw next) {
        flaw = next;
    }

    /** Questions so far. */
    public int asked() {
        return asked.get();
    }

    /** Questions that RFC 3161 or this repository's own rules do not allow. */
    public int askedWrongly() {
        return wrongly.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.incrementAndGet();
            byte[] body = exchange.getRequestBody().readAllBytes();
            switch (mood) {
                case WELL -> answer(exchange, body);
                case UNAVAILABLE -> send(exchange, 503, "text/plain", "busy".getBytes(StandardCharsets.UTF_8));
                case A_PAGE ->
                    send(exchange, 200, "text/html", "<html>sign in</html>".getBytes(StandardCharsets.UTF_8));
                case NONSENSE -> send(exchange, 200, "application/timestamp-reply", new byte[] {0x30, 1, 2});
                case HALF -> half(exchange, body);
                case SILENT -> await();
            }
        }
    }

    private void await() {
        try {
            closing.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange, byte[] body) throws IOException {
        byte[] answer = reply(exchange, body);
        if (answer.length == 0) {
            send(exchange, 400, "text/plain", "no question".getBytes(StandardCharsets.UTF_8));
        } else {
            send(exchange, 200, "application/timestamp-reply", answer);
        }
    }

    private void half(HttpExchange exchange, byte[] body) throws IOException {
        byte[] answer = reply(exchange, body);
        exchange.getResponseHeaders().set("Content-Type", "application/timestamp-reply");
        exchange.sendResponseHeaders(200, answer.length);
        OutputStream out = exchange.getResponseBody();
        out.write(answer, 0, answer.length / 2);
        out.flush();
        throw new IOException("the connection breaks here");
    }

    private byte[] reply(HttpExchange exchange, byte[] body) {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        try {
            TimeStampRequest request = new TimeStampRequest(body);
            boolean right = exchange.getRequestMethod().equals("POST")
                    && "application/timestamp-query".equals(type)
                    && request.getMessageImprintAlgOID().equals(NISTObjectIdentifiers.id_sha256)
                    && request.getMessageImprintDigest().length == 32
                    && request.getNonce() != null
                    && request.getCertReq();
            if (right) {
                return authority
                        .answer(
                                Digest.copyOf(request.getMessageImprintDigest()),
                                request.getNonce(),
                                clock.instant(),
                                flaw)
                        .toByteArray();
            }
        } catch (IOException | IllegalArgumentException noQuestion) {
            wrongly.incrementAndGet();
            return Bytes.EMPTY.toByteArray();
        }
        wrongly.incrementAndGet();
        return Bytes.EMPTY.toByteArray();
    }

    private static void send(HttpExchange exchange, int code, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        workers.shutdownNow();
    }
}
