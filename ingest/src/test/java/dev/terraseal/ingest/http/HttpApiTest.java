package dev.terraseal.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.store.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HttpApiTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpApi api;

    @BeforeEach
    void open() throws IOException {
        open(HttpApi.Limits.DEFAULT);
    }

    private void open(HttpApi.Limits limits) throws IOException {
        if (api != null) {
            api.close();
        }
        api = new HttpApi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), limits);
    }

    /** Works on one request at a time, with few threads, and cuts after so many milliseconds without a move. */
    private static HttpApi.Limits one(long millis) {
        Duration limit = Duration.ofMillis(millis);
        return new HttpApi.Limits(1, 4, limit, limit, limit);
    }

    private Socket sending(String text) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), api.address().getPort());
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @AfterEach
    void close() {
        api.close();
    }

    private HttpRequest to(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + api.address().getPort() + path))
                .build();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(to(path), BodyHandlers.ofString());
    }

    @Test
    @Timeout(60)
    void aRequestBeyondTheWorkThatIsDoneIsToldToComeAgainAndHealthStillAnswers() throws Exception {
        open(one(30_000));
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        api.route("/slow", request -> {
            working.countDown();
            goOn.await();
            return Reply.text(200, "done");
        });
        api.vital("/healthz", request -> Reply.text(200, "ok"));
        api.start();
        CompletableFuture<HttpResponse<String>> first = client.sendAsync(to("/slow"), BodyHandlers.ofString());
        working.await();
        HttpResponse<String> second = get("/slow");
        assertThat(second.statusCode()).isEqualTo(429);
        assertThat(second.headers().firstValue("Retry-After")).isPresent();
        assertThat(second.body()).contains("\"code\":\"too-many-requests\"");
        assertThat(get("/healthz").body()).isEqualTo("ok");
        goOn.countDown();
        assertThat(first.get().body()).isEqualTo("done");
        // The place is given back after the answer has arrived.
        HttpResponse<String> third = get("/slow");
        while (third.statusCode() == 429) {
            third = get("/slow");
        }
        assertThat(third.statusCode()).isEqualTo(200);
    }

    @Test
    void aBodyThatBreaksInTheMiddleIsCutAndNotEndedAsIfItWereWhole() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        api.route(
                "/lines",
                request -> Reply.streamed(
                        "text/plain",
                        out -> {
                            out.write("one\n".getBytes(StandardCharsets.UTF_8));
                            out.flush();
                            throw StoreException.lasting("segments/2 is gone");
                        },
                        ended::countDown));
        api.start();
        assertThatThrownBy(() -> get("/lines")).isInstanceOf(IOException.class);
        ended.await();
    }

    @Test
    void whatGoesWrongInsideIsAProblemWithoutItsInside() throws Exception {
        api.route("/broken", request -> {
            throw new IllegalStateException("password hunter2");
        });
        api.route("/archive", request -> {
            throw StoreException.lasting("bucket is gone");
        });
        api.route("/slow", request -> {
            throw StoreException.passing("bucket acme-evidence says 503 Slow Down");
        });
        api.start();
        HttpResponse<String> broken = get("/broken");
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(broken.body()).contains("\"code\":\"internal\"").doesNotContain("hunter2");
        HttpResponse<String> slow = get("/slow");
        assertThat(slow.statusCode()).isEqualTo(503);
        assertThat(slow.headers().firstValue("Retry-After")).isPresent();
        assertThat(slow.body()).doesNotContain("acme-evidence");
        HttpResponse<String> archive = get("/archive");
        assertThat(archive.statusCode()).as("asking again does not help").isEqualTo(500);
        assertThat(archive.headers().firstValue("Retry-After")).isEmpty();
        assertThat(archive.body()).contains("\"code\":\"archive-failed\"").doesNotContain("bucket is gone");
    }

    @Test
    void aMethodThatIsNotTakenIsAnsweredWithThoseThatAre() throws Exception {
        api.route("/text", request -> {
            request.requireMethod("POST", "PUT");
            return Reply.text(200, "never");
        });
        api.start();
        HttpResponse<String> refused = get("/text");
        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.headers().firstValue("Allow")).contains("POST, PUT");
    }

    @Test
    void everyProblemIsTold() throws Exception {
        List<String> codes = new CopyOnWriteArrayList<>();
        api.telling(problem -> codes.add(problem.code()));
        api.start();
        get("/nothing");
        assertThat(codes).containsExactly("not-found");
    }

    @Test
    @Timeout(60)
    void halfRequestsOfStrangersHoldNoThreadForLong() throws Exception {
        open(one(500));
        api.vital("/healthz", request -> Reply.text(200, "ok"));
        api.start();
        List<Socket> half = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                half.add(sending("G"));
            }
            assertThat(get("/healthz").body()).isEqualTo("ok");
            for (Socket cut : half) {
                assertThat(cut.getInputStream().read()).isEqualTo(-1);
            }
        } finally {
            for (Socket socket : half) {
                socket.close();
            }
        }
    }

    @Test
    @Timeout(60)
    void aBodyThatDoesNotGoOnHoldsNoPlaceForLong() throws Exception {
        open(one(500));
        ByteBudget budget = new ByteBudget(1 << 20);
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        api.route("/body", request -> {
            reading.countDown();
            request.afterwards(ended::countDown);
            try (ByteBudget.Share share = budget.share()) {
                return Reply.text(200, request.body(100, share).utf8());
            }
        });
        api.start();
        try (Socket half = sending("POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf")) {
            reading.await();
            ended.await();
            assertThat(half.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(budget.freeBytes()).isEqualTo(1 << 20);
    }

    @Test
    @Timeout(60)
    void whoDoesNotTakeItsAnswerHoldsNoPlaceForLong() throws Exception {
        open(one(500));
        CountDownLatch ended = new CountDownLatch(1);
        api.route(
                "/lines",
                request -> Reply.streamed(
                        "text/plain",
                        out -> {
                            while (true) {
                                out.write(new byte[100_000]);
                            }
                        },
                        ended::countDown));
        api.start();
        try (Socket deaf = sending("GET /lines HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            ended.await();
            assertThat(deaf.isConnected()).isTrue();
        }
    }

    @Test
    @Timeout(60)
    void whatWorksForLongIsNotCut() throws Exception {
        open(one(200));
        api.route("/long", request -> {
            Thread.sleep(2_000);
            return Reply.text(200, "done");
        });
        api.start();
        assertThat(get("/long").body()).isEqualTo("done");
    }

    @Test
    @Timeout(60)
    void whatOthersServeTakesAPlaceToo() throws Exception {
        open(one(30_000));
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        api.mount("/subjects", exchange -> {
            working.countDown();
            try {
                goOn.await();
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        api.start();
        CompletableFuture<HttpResponse<String>> first = client.sendAsync(to("/subjects"), BodyHandlers.ofString());
        working.await();
        assertThat(get("/subjects").statusCode()).isEqualTo(429);
        goOn.countDown();
        assertThat(first.get().statusCode()).isEqualTo(200);
    }

    @Test
    @Timeout(60)
    void whatStandsStillForOneThingLeavesPlacesForOthers() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Admission reads = new Admission(1, "no more reads");
        api.route("/archive", reads.around(request -> {
            reading.countDown();
            goOn.await();
            return Reply.text(200, "read");
        }));
        api.route("/events", request -> Reply.text(200, "accepted"));
        api.start();
        CompletableFuture<HttpResponse<String>> first = client.sendAsync(to("/archive"), BodyHandlers.ofString());
        reading.await();
        assertThat(get("/archive").statusCode()).isEqualTo(429);
        assertThat(get("/events").body()).isEqualTo("accepted");
        goOn.countDown();
        assertThat(first.get().body()).isEqualTo("read");
    }

    @Test
    void aBodyForWhichThereIsNoRoomIsToldToComeAgain() throws Exception {
        ByteBudget budget = new ByteBudget(4 << 10);
        api.route("/body", request -> {
            try (ByteBudget.Share share = budget.share()) {
                return Reply.text(200, "" + request.body(1 << 20, share).length());
            }
        });
        api.start();
        HttpRequest large = HttpRequest.newBuilder(to("/body").uri())
                .POST(HttpRequest.BodyPublishers.ofString("x".repeat(5 << 10)))
                .build();
        HttpResponse<String> refused = client.send(large, BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        HttpRequest small = HttpRequest.newBuilder(to("/body").uri())
                .POST(HttpRequest.BodyPublishers.ofString("x".repeat(4 << 10)))
                .build();
        assertThat(client.send(small, BodyHandlers.ofString()).body()).isEqualTo("4096");
        assertThat(budget.freeBytes()).isEqualTo(4 << 10);
    }

    @Test
    void aHeadRequestHasNoBodyAndTellsItsLength() throws Exception {
        api.route("/text", request -> Reply.text(200, "four"));
        api.start();
        HttpRequest head = HttpRequest.newBuilder(to("/text").uri())
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = client.send(head, BodyHandlers.ofString());
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("Content-Length")).contains("4");
    }
}
