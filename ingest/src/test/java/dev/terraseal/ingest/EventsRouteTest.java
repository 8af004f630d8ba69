package dev.terraseal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Rejection;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.ingest.follow.Settled;
import dev.terraseal.schemas.OutcomeRecord;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EventsRouteTest {
    private EventsUnderTest route;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        route = new EventsUnderTest(directory).served();
    }

    @AfterEach
    void close() {
        route.close();
    }

    private static Json.Obj json(HttpResponse<String> answer) {
        return CanonicalJson.parseObject(Bytes.utf8(answer.body()));
    }

    @Test
    void aMillionEventsInOneRequestAreTooManyAndAreNotRead() throws Exception {
        HttpResponse<String> answer = route.post("", "[" + "{},".repeat(1_300_000) + "{}]");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(413);
        assertThat(json(answer).string("code")).isEqualTo("too-large");
    }

    @Test
    void ofAThousandWrongEventsAHundredProblemsAreNamedAndTheOthersCounted() throws Exception {
        HttpResponse<String> answer = route.post("", "[" + "{},".repeat(999) + "{}]");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).array("problems").objects()).hasSize(100);
        assertThat(json(answer).string("detail")).contains("problem(s), of which the first 100 are named");
    }

    /** A connection that is cut instead is tried again by submit and the spool, for ever. */
    @Test
    void anEventWhoseIdIsCutWithinACharacterIsRefusedAndNotTheConnectionCut() throws Exception {
        for (String member : List.of("id", "stream")) {
            String event = Events.apply("acme", "one")
                    .replaceFirst(
                            "\"" + member + "\":\\s*\"[^\"]*\"",
                            "\"" + member + "\":\"" + "a".repeat(79) + "\ud83d\ude00\"");
            HttpResponse<String> answer = route.post("", event);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
            assertThat(json(answer).array("problems").objects().get(0).string("pointer"))
                    .isEqualTo("/" + member);
        }
    }

    @Test
    void whoDoesNotSayThatItIsJsonIsToldTo() throws Exception {
        String event = Events.apply("a", "1");
        for (String type : List.of("", "text/plain", "application/x-www-form-urlencoded", "application/jsonp")) {
            HttpResponse<String> answer = route.post("", event, type);
            assertThat(answer.statusCode()).as(type).isEqualTo(415);
            assertThat(json(answer).string("detail")).contains("Content-Type: application/json");
        }
        assertThat(route.producer.history()).isEmpty();
        assertThat(route.post("", event, "Application/JSON; charset=utf-8").statusCode())
                .isEqualTo(202);
    }

    private static Settled conflict(String id, long sequence) {
        return new Settled.Rejected(OutcomeRecord.conflict(
                0,
                new StreamId("a"),
                new EventId(id),
                new Rejection(RejectionReason.ID_CONFLICT, "taken"),
                new SequenceNumber(sequence),
                Digest.of(),
                Digest.of(Bytes.utf8("other"))));
    }

    @Test
    void aRejectionDoesNotHideThatTheOtherEventsOfTheRequestAreInTheLog() throws Exception {
        route.settled.settle(0, new Settled.Signed(new SequenceNumber(7)));
        route.settled.settle(1, conflict("second", 3));
        route.settled.settle(2, new Settled.Signed(new SequenceNumber(8)));
        HttpResponse<String> answer = route.post(
                "?wait=signed",
                "[" + Events.apply("a", "first") + "," + Events.apply("a", "second") + "," + Events.apply("a", "third")
                        + "]");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        Json.Obj problem = json(answer);
        assertThat(problem.string("code")).isEqualTo("id-conflict");
        assertThat(problem.string("id")).isEqualTo("second");
        assertThat(problem.string("detail")).startsWith("1 of 3 rejected, the other 2 accepted");
        List<Json.Obj> events = problem.array("events").objects();
        assertThat(events).extracting(event -> event.string("status")).containsExactly("signed", "rejected", "signed");
        assertThat(events.get(0).number("sequence")).isEqualTo(7);
        assertThat(events.get(1).string("code")).isEqualTo("id-conflict");
        assertThat(events.get(2).number("sequence")).isEqualTo(8);
    }

    @Test
    void aRejectionOfOneEventIsItsOwnProblem() throws Exception {
        route.settled.settle(0, conflict("only", 3));
        HttpResponse<String> answer = route.post("?wait=signed", Events.apply("a", "only"));
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(json(answer).has("events")).isFalse();
        assertThat(json(answer).number("sequence")).isEqualTo(3);
    }
}
