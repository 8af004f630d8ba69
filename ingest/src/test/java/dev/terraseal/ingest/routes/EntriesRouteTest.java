package dev.terraseal.ingest.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.ingest.Access;
import dev.terraseal.ingest.LogReader;
import dev.terraseal.ingest.follow.KnownIds;
import dev.terraseal.ingest.follow.LogTail;
import dev.terraseal.ingest.follow.RecentRejections;
import dev.terraseal.ingest.follow.SentEvents;
import dev.terraseal.ingest.follow.VersionedArchive;
import dev.terraseal.ingest.http.HttpApi;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.testkit.log.LogFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Entries wherever they are: in memory, in the archive, in neither. */
@Timeout(30)
class EntriesRouteTest {
    private final LogFixture log =
            new LogFixture("test/entries").apply("a", 1, 2).apply("a", 2, 3).apply("a", 3, 4);
    private final VersionedArchive archive = new VersionedArchive();
    private final LogTail tail = new LogTail(3, true);
    private HttpApi api;

    @BeforeEach
    void open() throws IOException {
        LogReader reader = new LogReader(log.log(), archive, tail, List.of());
        Access access = new Access(null);
        api = new HttpApi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        EntriesRoute entries = new EntriesRoute(access, reader, tail);
        api.route("/v1/entries", entries).route("/v1/entries/", entries);
        api.route(
                "/v1/receipts",
                new ReceiptsRoute(access, reader, tail, new KnownIds(), new RecentRejections(), new SentEvents()));
        api.start();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + api.address().getPort() + path);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    @Test
    void anEntryBelowTheCheckpointThatNoSegmentHoldsCutsTheAnswerAndIsNotWaitedFor() throws Exception {
        archive.segment(0, log.entries().subList(0, 1));
        tail.checkpoint(log.checkpoint(3), 3);
        assertThatThrownBy(() -> get("/v1/entries?from=0")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> get("/v1/entries?from=1&follow=true")).isInstanceOf(IOException.class);
        assertThat(get("/v1/entries?from=0&limit=1").body())
                .contains("\"sequence\":0")
                .hasLineCount(1);
        assertThat(get("/v1/entries/1").statusCode()).isEqualTo(503);
        assertThat(get("/v1/entries/1").body()).contains("entry 1 is below the checkpoint of size 3");
        assertThat(get("/v1/receipts?sequence=1").statusCode()).isEqualTo(503);
    }

    @Test
    void aPlantedNameDoesNotHoldAReaderUp() throws Exception {
        archive.segment(0, log.entries());
        archive.put(ArchiveNames.segment(new SequenceNumber(1)), Bytes.utf8("junk\n"));
        tail.checkpoint(log.checkpoint(3), 3);
        assertThat(get("/v1/entries?from=0").body()).hasLineCount(3);
        assertThat(get("/v1/entries?from=1").body()).hasLineCount(2);
        assertThat(get("/v1/entries/1").statusCode()).isEqualTo(200);
    }
}
