package dev.terraseal.run.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.run.server.Events;
import dev.terraseal.run.server.FakeLogServer;
import dev.terraseal.run.server.FakeLogServer.Fault;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpLogClientTest {
    private static final Bytes EVENT = Events.apply("acme/infra", "run-1", "succeeded");

    private final List<Duration> pauses = new ArrayList<>();
    private FakeLogServer server;
    private HttpLogClient client;

    @BeforeEach
    void start() throws Exception {
        server = new FakeLogServer();
        client = client(null, Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpLogClient client(String token, Duration patience) {
        return new HttpLogClient(new LogServer(URI.create(server.url()), token), patience, pauses::add);
    }

    private static Answer post(HttpLogClient client, Bytes event, Wait wait) throws Exception {
        return client.post(event, List.of(SentEvent.parse(event)), wait);
    }

    private Answer post(Bytes event, Wait wait) throws Exception {
        return post(client, event, wait);
    }

    @Test
    void anEventIsAcceptedAndOnlyOnce() throws Exception {
        assertThat(post(EVENT, Wait.ACCEPTED)).isEqualTo(new Answer.Accepted());
        assertThat(post(EVENT, Wait.ACCEPTED)).isInstanceOf(Answer.Recorded.class);
        assertThat(server.events()).containsExactly(EVENT);
    }

    @Test
    void aReceiptComesBackWithTheAnswerWhenOneWaitsForIt() throws Exception {
        Answer answer = post(EVENT, Wait.SIGNED);
        assertThat(((Answer.Recorded) answer).receipts())
                .hasSize(1)
                .allSatisfy(receipt -> assertThat(receipt.proof()).isNull());
        Answer proven = post(Events.apply("acme/infra", "run-2", "failed"), Wait.CHECKPOINT);
        assertThat(((Answer.Recorded) proven).receipts())
                .allSatisfy(receipt -> assertThat(receipt.proof()).isNotNull());
    }

    @Test
    void aBusyServerIsAskedAgainAfterTheTimeItNames() throws Exception {
        server.plant(Fault.BUSY, Fault.TOO_MANY, Fault.HANG_UP);
        assertThat(post(EVENT, Wait.ACCEPTED)).isEqualTo(new Answer.Accepted());
        assertThat(pauses.get(0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(server.events()).hasSize(1);
    }

    @Test
    void anAnswerLostOnTheWayDoesNotMakeTwoEntries() throws Exception {
        server.plant(Fault.LOSE_ANSWER);
        assertThat(post(EVENT, Wait.SIGNED)).isInstanceOf(Answer.Recorded.class);
        assertThat(server.events()).hasSize(1);
    }

    @Test
    void aServerThatNeverAnswersIsGivenUpWithTheReason() throws Exception {
        server.close();
        Answer answer = post(client(null, Duration.ofMillis(1)), EVENT, Wait.ACCEPTED);
        assertThat(((Answer.Unavailable) answer).reason())
                .contains(server.url())
                .contains("does not answer");
    }

    @Test
    void whatCanNeverBeAcceptedIsNotSentAgain() throws Exception {
        Answer answer = client.post(Bytes.utf8("{\"id\":\"x\"}"), List.of(SentEvent.parse(EVENT)), Wait.ACCEPTED);
        Problem problem = ((Answer.Refused) answer).problem();
        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.places()).extracting(Problem.Place::pointer).containsExactly("/predicate");
        assertThat(problem.summary()).contains("missing");
        assertThat(pauses).isEmpty();
    }

    @Test
    void theSameIdWithOtherContentIsRefused() throws Exception {
        post(EVENT, Wait.ACCEPTED);
        Answer answer = post(Events.apply("acme/infra", "run-1", "failed"), Wait.ACCEPTED);
        assertThat(((Answer.Refused) answer).problem().code()).isEqualTo("id-conflict");
    }

    @Test
    void theTokenIsSentAndNeverShown() throws Exception {
        server.requireToken("s3cr3t-token");
        assertThat(post(EVENT, Wait.ACCEPTED)).isInstanceOf(Answer.NotPermitted.class);
        HttpLogClient known = client("s3cr3t-token", Duration.ofSeconds(5));
        assertThat(post(known, EVENT, Wait.ACCEPTED)).isEqualTo(new Answer.Accepted());
        assertThat(known.server().toString()).doesNotContain("s3cr3t");
    }

    @Test
    void aReceiptIsAwaitedWhileTheEventIsOnItsWay() throws Exception {
        server.plant(Fault.LATE);
        assertThat(post(EVENT, Wait.SIGNED)).isEqualTo(new Answer.Accepted());
        Answer answer = client.awaitReceipt(new StreamId("acme/infra"), new EventId("run-1"), true);
        assertThat(((Answer.Recorded) answer).receipts()).hasSize(1);
        assertThat(pauses).hasSize(2);
    }

    @Test
    void receiptsAreFoundByPlaceAndByName() throws Exception {
        post(EVENT, Wait.ACCEPTED);
        Answer byPlace = client.receipt(SequenceNumber.ZERO);
        Answer byName = client.receipt(new StreamId("acme/infra"), new EventId("run-1"));
        assertThat(((Answer.Recorded) byPlace).receipts().get(0).bytes())
                .isEqualTo(((Answer.Recorded) byName).receipts().get(0).bytes());
        assertThat(client.receipt(new SequenceNumber(7))).isInstanceOf(Answer.Refused.class);
    }

    @Test
    void anAnswerThatNamesAnotherEventIsNotOurs() throws Exception {
        SentEvent other = SentEvent.parse(Events.apply("acme/infra", "run-2", "succeeded"));
        Answer answer = client.post(EVENT, List.of(other), Wait.ACCEPTED);
        assertThat(((Answer.Unavailable) answer).reason())
                .isEqualTo(server.url() + " answered 202 and does not name what was sent; is --server right?");
    }

    @Test
    void aReceiptWhosePayloadIsNoStatementCannotBeRead() throws Exception {
        server.plant(Fault.NO_STATEMENT);
        Problem problem = ((Answer.Refused) post(EVENT, Wait.SIGNED)).problem();
        assertThat(problem.isBadReceipt()).isTrue();
        assertThat(problem.summary()).contains("receipt cannot be read");
    }

    @Test
    void aBodyLongerThanAnyAnswerIsNotReadToItsEnd() {
        LimitedBody body = new LimitedBody(3);
        body.onNext(List.of(ByteBuffer.allocate(2)));
        assertThat(body.getBody().toCompletableFuture()).isNotDone();
        body.onNext(List.of(ByteBuffer.allocate(2)));
        assertThat(body.getBody().toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void anAttachmentIsStoredUnderItsDigest() throws Exception {
        Bytes content = Bytes.utf8("a long list");
        assertThat(client.attach(Digest.of(content), content)).isInstanceOf(Answer.Recorded.class);
        assertThat(server.attachments()).containsEntry(Digest.of(content), content);
    }

    @Test
    void aServerUrlWithAPasswordIsRefused() {
        org.junit.jupiter.api.Assertions.assertThrows(
                IllegalArgumentException.class, () -> LogServer.of("https://me:pw@logs.example.com", Map.of()));
    }

    @Test
    void aTokenWithoutTlsIsWarnedAboutButNotOnLoopback() {
        Map<String, String> environment = Map.of("TERRASEAL_TOKEN", "t");
        assertThat(LogServer.of("http://logs.example.com", environment).exposure())
                .isPresent();
        assertThat(LogServer.of("http://127.0.0.1:8480/", environment).exposure())
                .isEmpty();
        assertThat(LogServer.of("https://logs.example.com", environment).exposure())
                .isEmpty();
    }
}
