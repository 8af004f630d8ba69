package dev.terraseal.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.run.client.LogServer;
import dev.terraseal.testkit.log.FixtureEntry;
import dev.terraseal.testkit.log.LogFixture;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TailTest {
    private final LogFixture log = LogFixture.small();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/log", exchange -> answer(exchange, log.log().bytes()));
        server.createContext("/v1/entries", this::follow);
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, Bytes body) throws IOException {
        exchange.sendResponseHeaders(200, body.length());
        body.writeTo(exchange.getResponseBody());
        exchange.close();
    }

    /** Every entry, and then the connection stays, as that of a log to which nothing comes. */
    private void follow(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        for (FixtureEntry entry : log.entries()) {
            out.write(("{\"envelope\":" + entry.segmentLine().utf8() + "}\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
        try {
            over.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    /** A pipe whose reader took one line. */
    private static final class Closed extends OutputStream {
        private int lines;

        @Override
        public void write(int one) throws IOException {
            if (lines > 0) {
                throw new IOException("Broken pipe");
            }
            lines += one == '\n' ? 1 : 0;
        }
    }

    @Test
    void itEndsWhereNobodyReadsOn() throws Exception {
        LogServer base = LogServer.of("http://127.0.0.1:" + server.getAddress().getPort(), Map.of());
        PrintWriter pipe = new PrintWriter(new Closed(), false, StandardCharsets.UTF_8);
        assertThat(new Tail(base, pipe, true).from(new SequenceNumber(0))).isEmpty();
    }
}
