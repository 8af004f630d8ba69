package dev.terraseal.ingest.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.statement.Rejection;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.ingest.Access;
import dev.terraseal.ingest.LogReader;
import dev.terraseal.ingest.follow.KnownIds;
import dev.terraseal.ingest.follow.LogTail;
import dev.terraseal.ingest.follow.RecentRejections;
import dev.terraseal.ingest.follow.SentEvents;
import dev.terraseal.ingest.follow.Settled;
import dev.terraseal.ingest.follow.SettledEvents;
import dev.terraseal.ingest.follow.VersionedArchive;
import dev.terraseal.ingest.http.HttpApi;
import dev.terraseal.schemas.OutcomeRecord;
import dev.terraseal.testkit.log.LogFixture;
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

/** What is said of an event that is not in the log. */
class ReceiptsRouteTest {
    private static final StreamId STREAM = new StreamId("a");

    private KnownIds ids = new KnownIds();
    private final RecentRejections rejections = new RecentRejections();
    private final SentEvents sent = new SentEvents();
    private final SettledEvents settled = new SettledEvents();
    private boolean noneOpen = true;
    private HttpApi api;

    @BeforeEach
    void open() throws Exception {
        ids.markComplete();
        serve();
    }

    private void serve() throws Exception {
        LogTail tail = new LogTail(0, false);
        LogReader reader = new LogReader(LogFixture.small().log(), new VersionedArchive(), tail, List.of());
        api = new HttpApi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        api.route(
                "/v1/receipts",
                new ReceiptsRoute(
                        new Access(null),
                        reader,
                        new ReceiptsRoute.Known(tail, ids, rejections, sent, settled, limit -> noneOpen)));
        api.start();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private HttpResponse<String> get(String id) throws Exception {
        URI uri = URI.create(
                "http://127.0.0.1:" + api.address().getPort() + "/v1/receipts?stream=" + STREAM + "&id=" + id);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private void isProblem(String id, int status, String code) throws Exception {
        HttpResponse<String> answer = get(id);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    }

    private void rejected(String id, long offset) {
        OutcomeRecord outcome = OutcomeRecord.rejected(
                offset, STREAM, new EventId(id), new Rejection(RejectionReason.UNKNOWN_SCHEMA, "planted"));
        rejections.add(outcome);
        settled.settle(offset, new Settled.Rejected(outcome));
    }

    @Test
    void whileTheSignerIsAwayTheFirstOfManyIsOnItsWay() throws Exception {
        for (int i = 0; i <= 10_000; i++) {
            sent.add(STREAM, new EventId("e" + i), i);
        }
        assertThat(get("e0").statusCode()).isEqualTo(202);
        assertThat(get("e10000").statusCode()).isEqualTo(202);
    }

    @Test
    void anEventThatIsUnknownHereIsNotSaidToBeNowhereWhileAnyIsOpen() throws Exception {
        noneOpen = false;
        isProblem("x", 503, "unavailable");
        assertThat(get("x").headers().firstValue("Retry-After")).isPresent();
        noneOpen = true;
        isProblem("x", 404, "not-found");
    }

    @Test
    void aRejectionOfEarlierIsNotTheAnswerToAnEventThatWasSentAgain() throws Exception {
        rejected("x", 5);
        sent.add(STREAM, new EventId("x"), 9);
        assertThat(get("x").statusCode()).isEqualTo(202);
        rejected("x", 9);
        isProblem("x", 422, "unknown-schema");
    }

    @Test
    void whereSomebodyElseMayHaveSentItAgainARejectionCountsOnceNoneIsOpen() throws Exception {
        rejected("x", 5);
        noneOpen = false;
        isProblem("x", 503, "unavailable");
        noneOpen = true;
        isProblem("x", 422, "unknown-schema");
    }

    @Test
    void anEventThatIsRejectedAgainIsAmongTheNewestRejections() throws Exception {
        rejected("x", 0);
        for (int i = 1; i < 50_000; i++) {
            rejected("e" + i, i);
        }
        rejected("x", 50_000);
        rejected("y", 50_001);
        isProblem("x", 422, "unknown-schema");
    }

    @Test
    void whereTheIdsCannotBeReadTheAnswerIsNotToAskAgain() throws Exception {
        ids = new KnownIds();
        close();
        serve();
        isProblem("x", 503, "unavailable");
        ids.markIncomplete("the topic was emptied");
        isProblem("x", 503, "ids-incomplete");
        assertThat(get("x").headers().firstValue("Retry-After")).isEmpty();
        ids.markComplete();
        isProblem("x", 404, "not-found");
    }
}
