package dev.terraseal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.ingest.http.HttpApi;
import dev.terraseal.ingest.http.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is served where there are no tokens. Over sockets, for a client library keeps Host to itself. */
@Timeout(60)
class OwnPagesTest {
    private HttpApi api;

    private void serve(Access access) throws IOException {
        api = new HttpApi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .guardedBy(access.guard("log.internal"));
        api.route("/v1/events", request -> Reply.text(200, "done"));
        api.mount("/subjects", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        api.vital("/healthz", request -> Reply.text(200, "ok"));
        api.start();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private int status(String method, String path, String... headers) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), api.address().getPort())) {
            String request = method + " " + path + " HTTP/1.1\r\nContent-Length: 0\r\nConnection: close\r\n"
                    + String.join("\r\n", headers) + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return Integer.parseInt(answer.split(" ")[1]);
        }
    }

    @Test
    void aPageOfOthersWritesAndReadsNothingWhereThereAreNoTokens() throws Exception {
        serve(new Access(null));
        for (String path : new String[] {"/v1/events", "/subjects/x/versions"}) {
            assertThat(status("POST", path, "Host: localhost:8480", "Origin: https://evil.example"))
                    .isEqualTo(403);
            assertThat(status("POST", path, "Host: localhost:8480", "Origin: null"))
                    .isEqualTo(403);
            assertThat(status("GET", path, "Host: evil.example:8480")).isEqualTo(403);
            assertThat(status("GET", path, "Host: 127.evil.example")).isEqualTo(403);
            assertThat(status("POST", path, "Host: evil.example", "Origin: http://evil.example"))
                    .isEqualTo(403);
        }
        assertThat(status("GET", "/healthz", "Host: evil.example")).isEqualTo(200);
    }

    @Test
    void whoeverMeansThisMachineIsServed() throws Exception {
        serve(new Access(null));
        for (String host : new String[] {
            "localhost:8480",
            "LOCALHOST",
            "127.0.0.1:8480",
            "127.0.1.1",
            "[::1]:8480",
            "log.internal:8480",
            "terraseal.localhost"
        }) {
            assertThat(status("POST", "/v1/events", "Host: " + host)).as(host).isEqualTo(200);
            assertThat(status("POST", "/v1/events", "Host: " + host, "Origin: http://" + host))
                    .as(host)
                    .isEqualTo(200);
        }
    }

    @Test
    void withTokensTheyDecideAndNotTheName(@TempDir Path directory) throws Exception {
        Path tokens = directory.resolve("tokens");
        Files.writeString(tokens, "ci " + Digest.of(Bytes.utf8("s3cret")).hex() + "\n");
        serve(new Access(Tokens.read(tokens)));
        assertThat(status("POST", "/v1/events", "Host: ingest:8480", "Origin: https://ui.example"))
                .isEqualTo(200);
    }
}
