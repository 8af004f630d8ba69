package dev.terraseal.run.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.testkit.log.LogFixture;
import org.junit.jupiter.api.Test;

class SentEventTest {
    private static final Json.Obj BODY = Json.obj().put("outcome", "succeeded").build();

    private static Statement statement() {
        LogFixture log =
                new LogFixture("terraseal.local/x").append(PredicateType.TERRAFORM_APPLY, "acme/infra", "run-1", BODY);
        return Statement.parse(log.entries().get(0).statement());
    }

    /** As the fixture's events are: one time, one person. */
    private static String sent(String id, String stream, String subjectName, String predicate) {
        return "{ \"stream\": \"" + stream + "\", \"id\": \"" + id + "\",\n \"type\": \""
                + PredicateType.TERRAFORM_APPLY.uri()
                + "\", \"occurredAt\": \"2026-11-22T01:02:00.000Z\", \"source\": {\"claimed\": {\"actor\": \"anna\"}}, \"subjects\": [{\"name\": \""
                + subjectName
                + "\", \"digest\": {\"sha256\": \"" + Digest.of(Bytes.utf8("run-1")) + "\"}}], \"predicate\": "
                + predicate + "}";
    }

    private static String difference(String event) {
        return SentEvent.parse(Bytes.utf8(event)).difference(statement()).orElse("");
    }

    @Test
    void whatWasSentInAnotherOrderAndWithNullsIsTheSame() {
        assertThat(difference(sent("run-1", "acme/infra", "tfplan", "{\"outcome\": \"succeeded\", \"state\": null}")))
                .isEmpty();
    }

    @Test
    void everyPartThatDiffersIsSeen() {
        String body = "{\"outcome\": \"succeeded\"}";
        assertThat(difference(sent("run-2", "acme/infra", "tfplan", body))).startsWith("id");
        assertThat(difference(sent("run-1", "acme/other", "tfplan", body))).startsWith("stream");
        assertThat(difference(sent("run-1", "acme/infra", "plan", body))).contains("subjects");
        assertThat(difference(sent("run-1", "acme/infra", "tfplan", "{\"outcome\": \"failed\"}")))
                .contains("body");
        assertThat(difference(sent("run-1", "acme/infra", "tfplan", "{\"outcome\": \"succeeded\", \"x\": 1.5}")))
                .contains("body");
        String event = sent("run-1", "acme/infra", "tfplan", body);
        assertThat(difference(event)).isEmpty();
        assertThat(difference(event.replace("01:02:00.000Z", "01:02:00.001Z"))).startsWith("occurredAt");
        assertThat(difference(event.replace("anna", "mallory"))).contains("source.claimed");
        assertThat(difference(event.replace("{\"claimed\": {\"actor\": \"anna\"}}", "null")))
                .contains("source.claimed");
        String quoting = event.replace("{ \"stream", "{ \"seenCheckpoint\": {\"size\": 1}, \"stream");
        assertThat(difference(quoting)).contains("seenCheckpoint");
        assertThat(SentEvent.parse(Bytes.utf8(quoting)).contentDifference(statement()))
                .isEmpty();
    }

    @Test
    void aForeignPredicateIsComparedByteForByteAsItStood() {
        String predicate = "{ \"b\" : 1.50,\n \"a\":\"\u00e9\" }";
        String event = sent("run-1", "acme/infra", "tfplan", predicate)
                .replace(PredicateType.TERRAFORM_APPLY.uri(), "https://slsa.dev/provenance/v1");
        SentEvent parsed = SentEvent.parse(Bytes.utf8(event));
        assertThat(parsed.type()).isEqualTo(PredicateType.RECORDED.uri());
        Json.Obj body = (Json.Obj) parsed.body();
        assertThat(body.base64("bytes")).isEqualTo(Bytes.utf8(predicate));
        assertThat(body.string("predicateType")).isEqualTo("https://slsa.dev/provenance/v1");
        PredicateType.RECORDED.requireBody(body);
    }

    @Test
    void whatIsNoEventIsRefusedWithTheReason() {
        assertThatThrownBy(() -> SentEvent.parse(Bytes.utf8("[]"))).hasMessageContaining("JSON object");
        assertThatThrownBy(() -> SentEvent.parse(Bytes.utf8("{\"id\": 1}"))).hasMessageContaining("type");
        assertThatThrownBy(() -> SentEvent.parse(Bytes.utf8("{\"id\": \"a\", \"id\": \"b\"}")))
                .hasMessageContaining("uplicate");
        assertThatThrownBy(() -> SentEvent.parse(Bytes.utf8("{} {}"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SentEvent.parse(Bytes.utf8("{\"a\":"))).hasMessageContaining("not JSON");
    }
}
