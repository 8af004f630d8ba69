package dev.terraseal.ingest.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.ingest.Access;
import dev.terraseal.ingest.Attachments;
import dev.terraseal.ingest.http.HttpApi;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AttachmentsRouteTest {
    private final Bytes content = Bytes.utf8("many resources");
    private ArchiveStore archive;
    private Attachments attachments;
    private HttpApi api;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        archive = StoreSettings.inDirectory(directory).open();
        attachments = new Attachments(archive, Duration.ofDays(1), Instant::now);
        api = new HttpApi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        api.route(AttachmentsRoute.PATH, new AttachmentsRoute(new Access(null), attachments));
        api.start();
    }

    @AfterEach
    void close() {
        api.close();
        archive.close();
    }

    private int put(Digest named, Bytes body) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + api.address().getPort() + AttachmentsRoute.PATH + named);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .PUT(BodyPublishers.ofByteArray(body.toByteArray()))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode();
    }

    @Test
    void uploadsThatDoNotGoOnKeepNobodyFromBeingServed() throws Exception {
        List<Socket> half = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), api.address().getPort());
                half.add(socket);
                String head = "PUT " + AttachmentsRoute.PATH + Digest.of(content)
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf of it";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(put(Digest.of(content), content)).isEqualTo(201);
            assertThat(put(Digest.of(content), content)).isEqualTo(200);
            assertThat(new Attachments(archive, Duration.ofDays(1), Instant::now).has(Digest.of(content)))
                    .isTrue();
        } finally {
            for (Socket socket : half) {
                socket.close();
            }
        }
    }

    @Test
    void whatIsBeingStoredDoesNotHoldUpAnEventThatNamesWhatIsThere() throws Exception {
        assertThat(put(Digest.of(content), content)).isEqualTo(201);
        Attachments fresh = new Attachments(archive, Duration.ofDays(1), Instant::now);
        // Two are being stored for as long as this takes: as many as there are places.
        boolean there = storing(fresh, () -> storing(fresh, () -> fresh.has(Digest.of(content))));
        assertThat(there).isTrue();
    }

    private static boolean storing(Attachments attachments, Callable<Boolean> meanwhile) throws Exception {
        return attachments.inTurn(() -> {
            try {
                return meanwhile.call();
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }
        });
    }

    @Test
    void otherBytesThanThePathSaysAreNotStored() throws Exception {
        assertThat(put(Digest.of(content), Bytes.utf8("others"))).isEqualTo(422);
        assertThat(attachments.has(Digest.of(content))).isFalse();
    }
}
