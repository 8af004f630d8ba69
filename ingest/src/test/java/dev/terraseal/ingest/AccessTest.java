package dev.terraseal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.ingest.http.HttpApi;
import dev.terraseal.ingest.http.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others mount beside the API: the embedded registry. */
class AccessTest {
    @TempDir
    private Path directory;

    private HttpServer server;

    private void serve(Access access) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        for (String root : List.of("/subjects", "/config", "/compatibility")) {
            server.createContext(root, access.guarded(exchange -> {
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            }));
        }
        server.start();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    private HttpResponse<String> ask(String method, String authorization) throws Exception {
        return ask(method, "/subjects", authorization);
    }

    private HttpResponse<String> ask(String method, String path, String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path))
                .method(method, HttpRequest.BodyPublishers.ofString("{}"));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void readingIsEveryonesAndWritingTakesATokenWhereThereAreTokens() throws Exception {
        Path tokens = directory.resolve("tokens");
        Files.writeString(tokens, "ci " + Digest.of(Bytes.utf8("s3cret")).hex() + "\n");
        serve(new Access(Tokens.read(tokens)));
        assertThat(ask("GET", "").statusCode()).isEqualTo(200);
        assertThat(ask("POST", "").statusCode()).isEqualTo(401);
        assertThat(ask("PUT", "Bearer other").statusCode()).isEqualTo(401);
        assertThat(ask("DELETE", "Basic !").body()).contains("\"error_code\":40101");
        assertThat(ask("POST", "Bearer s3cret").statusCode()).isEqualTo(200);
        String login = Bytes.utf8("anyone:s3cret").base64();
        assertThat(ask("POST", "Basic " + login).statusCode()).isEqualTo(200);
        assertThat(ask("POST", "Basic " + Bytes.utf8("s3cret:other").base64()).statusCode())
                .isEqualTo(401);
    }

    @Test
    void whoSendsNoTokenIsToldWhichKindIsAskedFor() throws Exception {
        Path tokens = directory.resolve("tokens");
        Files.writeString(tokens, "ci " + Digest.of(Bytes.utf8("s3cret")).hex() + "\n");
        Access access = new Access(Tokens.read(tokens));
        try (HttpApi api = new HttpApi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            api.route("/v1/heads", request -> {
                access.require(request);
                return Reply.text(200, "never");
            });
            api.start();
            URI uri = URI.create("http://127.0.0.1:" + api.address().getPort() + "/v1/heads");
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        }
    }

    @Test
    void aTokenForSomeStreamsAsksForSchemasAndChangesNone() throws Exception {
        Path tokens = directory.resolve("tokens");
        Files.writeString(
                tokens,
                "team " + Digest.of(Bytes.utf8("t")).hex() + " acme/team\nall "
                        + Digest.of(Bytes.utf8("a")).hex() + "\n");
        serve(new Access(Tokens.read(tokens)));
        String[][] changes = {
            {"PUT", "/config"},
            {"PUT", "/config/x"},
            {"POST", "/subjects/x/versions"},
            {"POST", "/subjects/x//versions"},
            {"DELETE", "/subjects/x"},
            {"PUT", "/compatibility/x"}
        };
        for (String[] change : changes) {
            HttpResponse<String> refused = ask(change[0], change[1], "Bearer t");
            assertThat(refused.statusCode()).as(change[1]).isEqualTo(403);
            assertThat(refused.body()).contains("\"error_code\":40301");
            assertThat(ask(change[0], change[1], "Bearer a").statusCode()).isEqualTo(200);
        }
        assertThat(ask("POST", "/subjects/x", "Bearer t").statusCode()).isEqualTo(200);
        assertThat(ask("POST", "/compatibility/subjects/x/versions/latest", "Bearer t")
                        .statusCode())
                .isEqualTo(200);
        assertThat(ask("POST", "/subjects/x", "").statusCode()).isEqualTo(401);
    }

    @Test
    void withoutTokensEveryoneIsLetIn() throws Exception {
        serve(new Access(null));
        assertThat(ask("POST", "").statusCode()).isEqualTo(200);
    }
}
