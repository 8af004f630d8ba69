package dev.terraseal.run.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.run.client.HttpLogClient;
import dev.terraseal.run.client.LogServer;
import dev.terraseal.run.client.Pause;
import dev.terraseal.run.client.ReceiptJudge;
import dev.terraseal.run.client.Wait;
import dev.terraseal.run.server.Events;
import dev.terraseal.run.server.FakeLogServer;
import dev.terraseal.run.server.FakeLogServer.Fault;
import dev.terraseal.run.spool.Delivery.Status;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryTest {
    @TempDir
    Path directory;

    private final List<String> notices = new ArrayList<>();
    private FakeLogServer server;
    private Spool spool;
    private Delivery delivery;

    @BeforeEach
    void start() throws Exception {
        server = new FakeLogServer();
        spool = Spool.open(directory, notices::add);
        delivery = delivery(Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Delivery delivery(Duration patience) {
        return delivery(patience, pause -> {}, null);
    }

    private Delivery delivery(Duration patience, Pause pause, Digest genesis) {
        LogServer to = new LogServer(URI.create(server.url()), null);
        return new Delivery(spool, new HttpLogClient(to, patience, pause), new ReceiptJudge(genesis), patience);
    }

    private SpooledEvent queue(String stream, String id, String outcome) throws Exception {
        return spool.enqueue(new StreamId(stream), new EventId(id), Events.apply(stream, id, outcome));
    }

    private List<String> serverIds() {
        return server.parsed().stream().map(event -> event.string("id")).toList();
    }

    @Test
    void aStreamGoesOutInOrderAndTheQueueIsEmptyAfterwards() throws Exception {
        queue("a", "1", "failed");
        queue("b", "x", "failed");
        queue("a", "2", "succeeded");
        List<Delivery.Sent> sent = delivery.all(Wait.SIGNED);
        assertThat(sent)
                .extracting(Delivery.Sent::status)
                .containsExactly(Status.ACCEPTED, Status.RECORDED, Status.RECORDED);
        assertThat(serverIds()).containsExactly("1", "2", "x");
        assertThat(spool.queued()).isEmpty();
    }

    @Test
    void nothingOvertakesAnEventThatDidNotGetThrough() throws Exception {
        queue("a", "1", "failed");
        queue("a", "2", "succeeded");
        server.plant(Fault.BUSY);
        List<Delivery.Sent> sent = delivery(Duration.ofMillis(1)).all(Wait.ACCEPTED);
        assertThat(sent).extracting(Delivery.Sent::status).containsExactly(Status.WAITING, Status.WAITING);
        assertThat(spool.queued()).hasSize(2);
        assertThat(server.events()).isEmpty();
        delivery.all(Wait.ACCEPTED);
        assertThat(serverIds()).containsExactly("1", "2");
    }

    @Test
    void anAnswerLostAndTheSpoolFlushedAgainIsOneEntry() throws Exception {
        queue("a", "1", "failed");
        server.plant(Fault.LOSE_ANSWER);
        delivery(Duration.ofMillis(1)).all(Wait.ACCEPTED);
        delivery.all(Wait.SIGNED);
        assertThat(serverIds()).containsExactly("1");
        assertThat(spool.queued()).isEmpty();
    }

    @Test
    void whatIsRefusedMovesAsideWithTheAnswerAndItsStreamGoesOn() throws Exception {
        queue("a", "1", "failed");
        delivery.all(Wait.ACCEPTED);
        queue("a", "1", "succeeded");
        queue("a", "2", "succeeded");
        List<Delivery.Sent> sent = delivery.all(Wait.SIGNED);
        assertThat(sent).extracting(Delivery.Sent::status).containsExactly(Status.REFUSED, Status.RECORDED);
        assertThat(sent.get(0).kept()).exists();
        assertThat(Files.readString(evidence(".answer.json").get(0))).contains("id-conflict");
        assertThat(serverIds()).containsExactly("1", "2");
    }

    @Test
    void aReceiptThatSaysSomethingElseIsRefusedAndBothAreKept() throws Exception {
        queue("a", "1", "succeeded");
        server.plant(Fault.LIE);
        Delivery.Sent sent = delivery.all(Wait.SIGNED).get(0);
        assertThat(sent.status()).isEqualTo(Status.DISAGREES);
        assertThat(sent.reason()).contains("body");
        assertThat(Files.readString(evidence(".event.json").get(0))).contains("succeeded");
        assertThat(evidence(".receipt.json")).hasSize(1);
    }

    private List<Path> evidence(String suffix) throws Exception {
        try (var files = Files.list(directory.resolve("evidence"))) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }

    @Test
    void evidenceOfTwoStreamsWithOneIdIsKeptFourFilesInAll() throws Exception {
        queue("a", "1", "failed");
        queue("b", "1", "failed");
        delivery.all(Wait.ACCEPTED);
        queue("a", "1", "succeeded");
        queue("b", "1", "succeeded");
        assertThat(delivery.all(Wait.SIGNED)).extracting(Delivery.Sent::status).containsOnly(Status.REFUSED);
        assertThat(evidence(".answer.json")).hasSize(2);
        assertThat(evidence(".event.json")).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIRECT", "NOT_FOUND", "FOREIGN_409", "EMPTY_200", "FOREIGN_202"})
    void whatIsNotThePipelineTakesNothingOutOfTheQueue(Fault fault) throws Exception {
        SpooledEvent first = queue("a", "1", "succeeded");
        SpooledEvent second = queue("a", "2", "succeeded");
        server.plant(fault);
        List<Delivery.Sent> sent = delivery.all(Wait.ACCEPTED);
        assertThat(sent).extracting(Delivery.Sent::status).containsOnly(Status.WAITING);
        assertThat(sent.get(0).reason()).contains(server.url() + " answered ").endsWith("is --server right?");
        assertThat(spool.queued()).containsExactly(first, second);
        assertThat(evidence("")).isEmpty();
        delivery.all(Wait.ACCEPTED);
        assertThat(serverIds()).containsExactly("1", "2");
    }

    @Test
    void anAttachmentThatSomebodyElseTookKeepsTheEvent() throws Exception {
        Digest digest = spool.attach(Bytes.utf8("[1,2,3]"));
        Json.Obj body = Json.obj()
                .put("outcome", "succeeded")
                .put("changes", Json.obj().put("resourcesSha256", digest).build())
                .build();
        spool.enqueue(
                new StreamId("a"), new EventId("1"), Events.json("a", "1", body).bytes());
        server.plant(Fault.FOREIGN_202);
        assertThat(delivery.all(Wait.SIGNED)).extracting(Delivery.Sent::status).containsExactly(Status.WAITING);
        assertThat(delivery.all(Wait.SIGNED)).extracting(Delivery.Sent::status).containsExactly(Status.RECORDED);
    }

    @Test
    void anEventThatWasAcceptedAndIsNotFoundStaysInTheQueue() throws Exception {
        SpooledEvent event = queue("a", "1", "succeeded");
        server.plant(Fault.FORGET);
        Delivery.Sent sent = delivery(Duration.ofMillis(50)).all(Wait.SIGNED).get(0);
        assertThat(sent.status()).isEqualTo(Status.WAITING);
        assertThat(sent.reason()).contains("no such event");
        assertThat(spool.queued()).containsExactly(event);
        assertThat(delivery.all(Wait.SIGNED)).extracting(Delivery.Sent::status).containsExactly(Status.RECORDED);
    }

    @Test
    void aReceiptWithoutAStatementIsKeptAsEvidence() throws Exception {
        queue("a", "1", "succeeded");
        server.plant(Fault.NO_STATEMENT);
        Delivery.Sent sent = delivery.all(Wait.SIGNED).get(0);
        assertThat(sent.status()).isEqualTo(Status.DISAGREES);
        assertThat(sent.reason()).contains("receipt cannot be read");
        assertThat(Files.readString(evidence(".answer.json").get(0))).contains("bad-receipt");
        assertThat(spool.queued()).isEmpty();
    }

    @Test
    void theReceiptOfOursIsWaitedForWhateverStandsAfterIt() throws Exception {
        SpooledEvent ours = queue("a", "ours", "succeeded");
        queue("a", "other", "succeeded");
        assertThat(delivery.with(ours, Wait.SIGNED))
                .extracting(sent -> sent.event().id().value(), Delivery.Sent::status)
                .containsExactly(tuple("ours", Status.RECORDED), tuple("other", Status.ACCEPTED));
    }

    @Test
    void ofAnEventThatAnotherProcessHasSentTheReceiptIsAskedFor() throws Exception {
        SpooledEvent ours = queue("a", "ours", "succeeded");
        delivery.all(Wait.ACCEPTED);
        assertThat(spool.queued()).isEmpty();
        assertThat(delivery.with(ours, Wait.CHECKPOINT))
                .extracting(Delivery.Sent::status)
                .containsExactly(Status.RECORDED);
    }

    @Test
    void anEventInNoQueueGoesAfterWhatWaitsOfItsStream() throws Exception {
        queue("a", "1", "succeeded");
        Path file = directory.resolve("intents/2.json");
        Files.writeString(file, "{}");
        SpooledEvent unqueued =
                new SpooledEvent(file, new StreamId("a"), new EventId("2"), Events.apply("a", "2", "succeeded"));
        assertThat(delivery.direct(unqueued, Wait.SIGNED).status()).isEqualTo(Status.RECORDED);
        assertThat(serverIds()).containsExactly("1", "2");
        assertThat(file).doesNotExist();
    }

    @Test
    void anEventThatIsGoneAndNowhereGoesBackIntoTheQueue() throws Exception {
        SpooledEvent ours = queue("a", "ours", "succeeded");
        Files.delete(ours.file());
        Delivery.Sent sent =
                delivery(Duration.ofMillis(50)).with(ours, Wait.SIGNED).get(0);
        assertThat(sent.status()).isEqualTo(Status.WAITING);
        assertThat(sent.event().file()).exists();
        assertThat(spool.queued()).extracting(SpooledEvent::bytes).containsExactly(ours.bytes());
    }

    @Test
    void aReceiptWithoutTheCheckpointThatWasAskedForIsNotAllThatWasAskedFor() throws Exception {
        queue("a", "1", "succeeded");
        server.neverProving();
        Delivery.Sent sent =
                delivery(Duration.ofMillis(50)).all(Wait.CHECKPOINT).get(0);
        assertThat(sent.status()).isEqualTo(Status.UNPROVEN);
        assertThat(sent.reason()).isEqualTo("no checkpoint covers it yet");
        assertThat(spool.queued()).isEmpty();
    }

    @Test
    void aReceiptWhoseSignatureDoesNotHoldIsNone() throws Exception {
        queue("a", "1", "succeeded");
        server.forging();
        Delivery.Sent sent = delivery.all(Wait.SIGNED).get(0);
        assertThat(sent.status()).isEqualTo(Status.DISAGREES);
        assertThat(sent.reason()).contains("does not hold");
        assertThat(evidence(".receipt.json")).hasSize(1);
        assertThat(evidence(".event.json")).hasSize(1);
    }

    @Test
    void aReceiptOfAnotherLogThanTheOneThatWasNamedIsNone() throws Exception {
        queue("a", "1", "succeeded");
        queue("b", "1", "succeeded");
        Duration patience = Duration.ofSeconds(10);
        SpooledEvent first = spool.queued().get(0);
        assertThat(delivery(patience, pause -> {}, server.genesis()).with(first, Wait.SIGNED))
                .extracting(Delivery.Sent::status)
                .containsExactly(Status.RECORDED);
        Digest other = Digest.of(Bytes.utf8("another log"));
        Delivery.Sent sent =
                delivery(patience, pause -> {}, other).all(Wait.SIGNED).get(0);
        assertThat(sent.status()).isEqualTo(Status.DISAGREES);
        assertThat(sent.reason()).contains("another log").contains(other.hex());
    }

    @Test
    void anAnswerThatNeverEndsIsGivenUp() throws Exception {
        queue("a", "1", "succeeded");
        server.plant(Fault.STALL);
        Delivery.Sent sent = assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> delivery(Duration.ofMillis(1)).all(Wait.SIGNED).get(0));
        assertThat(sent.status()).isEqualTo(Status.WAITING);
        assertThat(sent.reason()).contains("timed out");
        assertThat(spool.queued()).hasSize(1);
    }

    @Test
    void whoeverSendsIsStoppedAndTheEventsStay() throws Exception {
        queue("a", "1", "succeeded");
        queue("b", "1", "succeeded");
        server.plant(Fault.BUSY);
        List<Delivery> stopping = new ArrayList<>();
        Pause stoppedMeanwhile = duration -> {
            stopping.get(0).stop();
            Thread.sleep(Duration.ofMinutes(5).toMillis());
        };
        stopping.add(delivery(Duration.ofMinutes(5), stoppedMeanwhile, null));
        List<Delivery.Sent> sent = stopping.get(0).all(Wait.SIGNED);
        assertThat(sent).extracting(Delivery.Sent::status).containsOnly(Status.WAITING);
        assertThat(sent).extracting(Delivery.Sent::reason).allMatch(reason -> reason.contains("signal"));
        assertThat(spool.queued()).hasSize(2);
        assertThat(Thread.interrupted()).as("for whoever writes next").isFalse();
    }

    @Test
    void aReceiptThatComesLaterIsWaitedFor() throws Exception {
        queue("a", "1", "succeeded");
        server.plant(Fault.LATE);
        Delivery.Sent sent = delivery.all(Wait.CHECKPOINT).get(0);
        assertThat(sent.status()).isEqualTo(Status.RECORDED);
        assertThat(sent.receipt().proof()).isNotNull();
    }

    @Test
    void anAttachmentGoesBeforeTheEventThatNamesItAndIsForgottenAfterwards() throws Exception {
        Digest digest = spool.attach(Bytes.utf8("[1,2,3]"));
        Json.Obj body = Json.obj()
                .put("outcome", "succeeded")
                .put("changes", Json.obj().put("resourcesSha256", digest).build())
                .build();
        spool.enqueue(
                new StreamId("a"), new EventId("1"), Events.json("a", "1", body).bytes());
        assertThat(delivery.all(Wait.SIGNED)).extracting(Delivery.Sent::status).containsExactly(Status.RECORDED);
        assertThat(server.attachments()).containsKey(digest);
        assertThat(spool.attachment(digest)).isEmpty();
    }

    @Test
    void aMissingTokenKeepsTheEvent() throws Exception {
        server.requireToken("t");
        queue("a", "1", "succeeded");
        Delivery.Sent sent = delivery.all(Wait.SIGNED).get(0);
        assertThat(sent.status()).isEqualTo(Status.WAITING);
        assertThat(sent.reason()).contains("TERRASEAL_TOKEN");
        assertThat(spool.queued()).hasSize(1);
    }
}
