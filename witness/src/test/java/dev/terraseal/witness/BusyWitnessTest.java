package dev.terraseal.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A monitor reads for hours what its log asks first, and its log asks again every minute. */
class BusyWitnessTest {
    private static final String NAME = "monitor.example/m1";

    private final ForkedLog log = new ForkedLog(6, "A");
    private final HttpClient http = HttpClient.newHttpClient();
    private final CountDownLatch reads = new CountDownLatch(1);
    private final CountDownLatch hasRead = new CountDownLatch(1);

    @TempDir
    Path directory;

    private final class ReadsLong implements Condition {
        @Override
        public Optional<Answer> refusal(SignedNote note, TreeHead head) {
            reads.countDown();
            try {
                hasRead.await();
            } catch (InterruptedException stopped) {
                return Optional.of(Answer.later("stopped"));
            }
            return Optional.empty();
        }

        @Override
        public boolean isWithin(TreeHead smaller, TreeHead larger) {
            return false;
        }

        @Override
        public List<Digest> prefix(TreeHead larger, long size) {
            return List.of();
        }

        @Override
        public LogDeclaration declaration() {
            return null;
        }
    }

    private static HttpRequest.Builder to(WitnessServer server, String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + path))
                .timeout(Duration.ofSeconds(20));
    }

    private CompletableFuture<HttpResponse<String>> add(WitnessServer server) throws Exception {
        HttpRequest post = to(server, "/add-checkpoint")
                .POST(BodyPublishers.ofByteArray(log.request(0, 5).bytes().toByteArray()))
                .build();
        return http.sendAsync(post, BodyHandlers.ofString());
    }

    private HttpResponse<String> get(WitnessServer server, String path) throws Exception {
        return http.send(to(server, path).build(), BodyHandlers.ofString());
    }

    @Test
    void whileOneRequestIsLongInWorkOthersAreToldToComeAgainAndReadersAreAnswered() throws Exception {
        SignatureChecker checker = new SignatureChecker(null);
        try (StateDirectory state = StateDirectory.open(directory, NAME, KeyUse.MONITOR, new SecureRandom())) {
            var with = new WitnessedLog.Witnessing(state, NAME, state.signer(), checker, Instant::now);
            var witnessed = new WitnessedLog(ForkedLog.ORIGIN.value(), List.of(log.key()), with, new ReadsLong());
            var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            try (WitnessServer server = new WitnessServer(loopback, List.of(witnessed))) {
                server.start();
                String newest = "/" + StateDirectory.hash(ForkedLog.ORIGIN.value()) + "/checkpoint";
                CompletableFuture<HttpResponse<String>> first = add(server);
                reads.await();
                List<CompletableFuture<HttpResponse<String>>> others = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    others.add(add(server));
                }
                assertThat(get(server, "/healthz").statusCode()).isEqualTo(200);
                assertThat(get(server, newest).statusCode()).isEqualTo(404);
                for (CompletableFuture<HttpResponse<String>> other : others) {
                    assertThat(other.join().statusCode()).isEqualTo(503);
                    assertThat(other.join().headers().firstValue("Retry-After")).isPresent();
                }
                hasRead.countDown();
                assertThat(first.join().statusCode()).isEqualTo(200);
                assertThat(get(server, newest).statusCode()).isEqualTo(200);
            }
        }
    }
}
