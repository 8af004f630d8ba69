package dev.terraseal.ingest.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.ingest.Access;
import dev.terraseal.ingest.LogReader;
import dev.terraseal.ingest.follow.Attested;
import dev.terraseal.ingest.follow.KnownIds;
import dev.terraseal.ingest.follow.LogTail;
import dev.terraseal.ingest.follow.RecentRejections;
import dev.terraseal.ingest.follow.SentEvents;
import dev.terraseal.ingest.follow.SettledEvents;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Entries wherever they are: in memory, in the archive, in neither. */
@Timeout(30)
class EntriesRouteTest {
    private final LogFixture log = new LogFixture("test/entries")
            .apply("a", 1, 2)
            .apply("a", 2, 3)
            .apply("a", 3, 4)
            .apply("a", 4, 5);
    private final VersionedArchive archive = new VersionedArchive();
    private LogTail tail = new LogTail(0, false);
    private HttpApi api;

    @BeforeEach
    void open() throws IOException {
        serve(tail);
    }

    private void serve(LogTail from) throws IOException {
        tail = from;
        LogReader reader = new LogReader(log.log(), archive, tail, List.of());
        Access access = new Access(null);
        api = new HttpApi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        EntriesRoute entries = new EntriesRoute(access, reader, tail, Duration.ofMillis(20));
        api.route("/v1/entries", entries).route("/v1/entries/", entries);
        api.route(
                "/v1/receipts",
                new ReceiptsRoute(
                        access,
                        reader,
                        new ReceiptsRoute.Known(
                                tail,
                                new KnownIds(),
                                new RecentRejections(),
                                new SentEvents(),
                                new SettledEvents(),
                                limit -> true)));
        api.start();
    }

    @AfterEach
    void close() {
        api.close();
    }

    /** As after a start: the archive has all there is, and nothing is in memory. */
    private void allIsArchived(int size) throws IOException {
        api.close();
        serve(new LogTail(size, true));
        tail.checkpoint(log.checkpoint(size), size);
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + api.address().getPort() + path);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    @Test
    void anEntryBelowTheCheckpointThatNoSegmentHoldsCutsTheAnswerAndIsNotWaitedFor() throws Exception {
        archive.segment(0, log.entries().subList(0, 1));
        allIsArchived(3);
        assertThatThrownBy(() -> get("/v1/entries?from=0")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> get("/v1/entries?from=1&follow=true")).isInstanceOf(IOException.class);
        assertThat(get("/v1/entries?from=0&limit=1").body())
                .contains("\"sequence\":0")
                .hasLineCount(1);
        assertThat(get("/v1/entries/1").statusCode()).isEqualTo(500);
        assertThat(get("/v1/entries/1").body()).contains("\"code\":\"archive-failed\"");
        assertThat(get("/v1/receipts?sequence=1").statusCode()).isEqualTo(500);
    }

    /** Four of which memory holds three, and none is in the archive. */
    private void theArchiveIsBehind() {
        for (int i = 0; i < 4; i++) {
            tail.entry(Attested.large(log, i));
        }
    }

    @Test
    void anEntryThatLeftMemoryBeforeItWasArchivedIsNotYetThereAndItsReceiptIsPending() throws Exception {
        theArchiveIsBehind();
        HttpResponse<String> entry = get("/v1/entries/0");
        assertThat(entry.statusCode()).isEqualTo(404);
        assertThat(entry.body()).contains("entry 0 is in the log and not in the archive yet");
        assertThat(get("/v1/entries/4").body()).contains("the log has no entry 4 yet");
        assertThat(get("/v1/receipts?sequence=0").statusCode()).isEqualTo(202);
        archive.segment(0, log.entries());
        tail.checkpoint(log.checkpoint(1), 1);
        assertThat(get("/v1/entries/0").statusCode()).isEqualTo(200);
    }

    @Test
    void whoReadsOverWhatLeftMemoryIsCutAndNotHeldForAsLongAsTheArchiveIsAway() throws Exception {
        theArchiveIsBehind();
        assertThatThrownBy(() -> get("/v1/entries?from=0")).isInstanceOf(IOException.class);
        assertThat(get("/v1/entries?from=3").body()).contains("\"sequence\":3");
    }

    @Test
    void whoFollowsWaitsForWhatLeftMemoryAndMissesNothing() throws Exception {
        theArchiveIsBehind();
        URI uri = URI.create("http://127.0.0.1:" + api.address().getPort() + "/v1/entries?follow=true&limit=2");
        HttpResponse<Stream<String>> followed =
                HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofLines());
        try (Stream<String> body = followed.body()) {
            Iterator<String> lines = body.iterator();
            for (int waited = 0; waited < 10; waited++) {
                assertThat(lines.next().length())
                        .as("longer than who does not follow")
                        .isZero();
            }
            archive.segment(0, log.entries().subList(0, 1));
            tail.checkpoint(log.checkpoint(1), 1);
            List<String> entries = new ArrayList<>();
            lines.forEachRemaining(line -> entries.add(line.replaceAll(".*,\"sequence\"", "")));
            entries.removeIf(String::isEmpty);
            assertThat(entries).containsExactly(":0}", ":1}");
        }
    }

    @Test
    void whoFollowsHasAnEntryAsSoonAsItWentByAlsoWhileTheArchiveIsAway() throws Exception {
        tail.entry(Attested.entry(log, 0));
        assertThat(get("/v1/entries?follow=true&limit=1").body()).contains("\"sequence\":0");
    }

    @Test
    void aPlaceBeyondAnySequenceIsNoQuestion() throws Exception {
        assertThat(get("/v1/entries?from=9007199254740992&follow=true").statusCode())
                .isEqualTo(400);
        assertThat(get("/v1/entries?from=9007199254740992").statusCode()).isEqualTo(400);
        assertThat(get("/v1/entries?from=9007199254740991").statusCode()).isEqualTo(200);
    }

    @Test
    void aPlantedNameDoesNotHoldAReaderUp() throws Exception {
        archive.segment(0, log.entries().subList(0, 3));
        archive.put(ArchiveNames.segment(new SequenceNumber(1)), Bytes.utf8("junk\n"));
        allIsArchived(3);
        assertThat(get("/v1/entries?from=0").body()).hasLineCount(3);
        assertThat(get("/v1/entries?from=1").body()).hasLineCount(2);
        assertThat(get("/v1/entries/1").statusCode()).isEqualTo(200);
    }
}
