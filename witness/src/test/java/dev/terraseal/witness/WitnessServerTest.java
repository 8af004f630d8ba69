package dev.terraseal.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.witness.AddCheckpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The statuses and bodies of C2SP tlog-witness, over HTTP. */
class WitnessServerTest {
    private final ForkedLog log = new ForkedLog(6, "A");
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    private WitnessService service;

    @BeforeEach
    void start() throws Exception {
        service = WitnessService.start(
                new WitnessConfig(
                        directory,
                        "witness.example/w1",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        List.of(log.key()),
                        null),
                new SecureRandom(),
                Clock.systemUTC());
    }

    @AfterEach
    void stop() throws Exception {
        service.close();
    }

    private HttpResponse<String> post(String path, Bytes body) throws Exception {
        return http.send(request(path, body), BodyHandlers.ofString());
    }

    private HttpRequest request(String path, Bytes body) {
        return HttpRequest.newBuilder(service.place().resolve(path))
                .POST(BodyPublishers.ofByteArray(body.toByteArray()))
                .build();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(service.place().resolve(path)).build(), BodyHandlers.ofString());
    }

    @Test
    void everyAnswerIsTheProtocols() throws Exception {
        String newest = "/" + StateDirectory.hash(ForkedLog.ORIGIN.value()) + "/checkpoint";
        assertThat(get(newest).statusCode()).isEqualTo(404);
        HttpResponse<String> first = post("/add-checkpoint", log.request(0, 5).bytes());
        assertThat(first.statusCode()).isEqualTo(200);
        SignatureLine line = SignatureLine.parse(first.body().stripTrailing());
        SignedNote cosigned = log.note(5).with(line);
        assertThat(cosigned.verify(List.of(service.key()), new SignatureChecker(null)))
                .hasSize(1);
        assertThat(get(newest).body()).isEqualTo(cosigned.bytes().utf8());

        HttpResponse<String> behind = post("/add-checkpoint", log.request(0, 8).bytes());
        assertThat(behind.statusCode()).isEqualTo(409);
        assertThat(behind.headers().firstValue("Content-Type")).contains("text/x.tlog.size");
        assertThat(behind.body()).isEqualTo("5\n");

        String right = log.request(5, 8).bytes().utf8();
        String[][] wrong = {
            {"400", ""},
            {"400", "old 5\n"},
            {"400", right.replace("old 5", "old 05")},
            {"400", right.replace("old 5", "old 9")},
            {"400", right.replace("old 5\n", "old 5\nnot a hash\n")},
            {"400", right.replace("\n8\n", "\n8\n\n")},
            {"400", right + "trailing"},
            {"403", right.replace("\n8\n", "\n9\n")},
            {"404", right.replace(ForkedLog.ORIGIN.value() + "\n", "log.example/unknown\n")},
            {"422", right.replace("\n8\n", "\n0\n")},
            {
                "422",
                new AddCheckpoint(5, log.consistency(5, 9), log.note(8)).bytes().utf8()
            },
        };
        for (String[] each : wrong) {
            HttpResponse<String> answer = post("/add-checkpoint", Bytes.utf8(each[1]));
            assertThat(answer.statusCode()).as(each[1]).isEqualTo(Integer.parseInt(each[0]));
            assertThat(answer.body()).endsWith("\n");
        }
        assertThat(post("/add-checkpoint", Bytes.wrap(new byte[AddCheckpoint.MAX_BYTES + 5]))
                        .statusCode())
                .isEqualTo(400);
        assertThat(get("/add-checkpoint").statusCode()).isEqualTo(405);
        assertThat(post("/", Bytes.utf8("x")).statusCode()).isEqualTo(405);
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/healthz").body()).isEqualTo("ok\n");
        assertThat(post("/add-checkpoint", Bytes.utf8(right)).statusCode()).isEqualTo(200);
    }

    /** Check and persist are one step: of many continuations of one tree, each to another size, one is taken. */
    @Test
    void ofTwoAtOnceOneIsOutOfStep() throws Exception {
        assertThat(post("/add-checkpoint", log.request(0, 5).bytes()).statusCode())
                .isEqualTo(200);
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int size = 6; size < 22; size++) {
            answers.add(http.sendAsync(
                    request("/add-checkpoint", log.request(5, size).bytes()), BodyHandlers.ofString()));
        }
        List<Integer> statuses =
                answers.stream().map(each -> each.join().statusCode()).toList();
        assertThat(statuses).containsOnly(200, 409);
        assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
    }
}
