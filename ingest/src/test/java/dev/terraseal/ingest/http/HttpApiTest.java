package dev.terraseal.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.store.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpApiTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpApi api;

    @BeforeEach
    void open() throws IOException {
        api = new HttpApi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
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
    void aRequestBeyondTheWorkThatIsDoneIsToldToComeAgainAndHealthStillAnswers() throws Exception {
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
        assertThat(get("/slow").statusCode()).isEqualTo(200);
    }

    @Test
    void aBodyThatBreaksInTheMiddleIsCutAndNotEndedAsIfItWereWhole() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        api.route(
                "/lines",
                request -> Reply.streamed(
                        "text/plain",
                        out -> {
                            out.write("one\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
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
        api.start();
        HttpResponse<String> broken = get("/broken");
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(broken.body()).contains("\"code\":\"internal\"").doesNotContain("hunter2");
        HttpResponse<String> archive = get("/archive");
        assertThat(archive.statusCode()).isEqualTo(503);
        assertThat(archive.headers().firstValue("Retry-After")).isPresent();
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
