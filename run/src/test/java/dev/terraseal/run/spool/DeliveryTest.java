package dev.terraseal.run.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.run.client.HttpLogClient;
import dev.terraseal.run.client.LogServer;
import dev.terraseal.run.client.Wait;
import dev.terraseal.run.server.Events;
import dev.terraseal.run.server.FakeLogServer;
import dev.terraseal.run.server.FakeLogServer.Fault;
import dev.terraseal.run.spool.Delivery.Status;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryTest {
    @TempDir
    Path directory;

    private FakeLogServer server;
    private Spool spool;
    private Delivery delivery;

    @BeforeEach
    void start() throws Exception {
        server = new FakeLogServer();
        spool = Spool.open(directory);
        delivery = delivery(Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Delivery delivery(Duration patience) {
        LogServer to = new LogServer(URI.create(server.url()), null);
        return new Delivery(spool, new HttpLogClient(to, patience, pause -> {}), patience);
    }

    private void queue(String stream, String id, String outcome) throws Exception {
        spool.enqueue(new StreamId(stream), new EventId(id), Events.apply(stream, id, outcome));
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
        assertThat(Files.readString(directory.resolve("evidence/1.answer.json")))
                .contains("id-conflict");
        assertThat(serverIds()).containsExactly("1", "2");
    }

    @Test
    void aReceiptThatSaysSomethingElseIsRefusedAndBothAreKept() throws Exception {
        queue("a", "1", "succeeded");
        server.plant(Fault.LIE);
        Delivery.Sent sent = delivery.all(Wait.SIGNED).get(0);
        assertThat(sent.status()).isEqualTo(Status.DISAGREES);
        assertThat(sent.reason()).contains("body");
        assertThat(Files.readString(directory.resolve("evidence/1.event.json"))).contains("succeeded");
        assertThat(directory.resolve("evidence/1.receipt.json")).exists();
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
