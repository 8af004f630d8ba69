package dev.terraseal.ingest;

import static dev.terraseal.ingest.Events.apply;
import static dev.terraseal.ingest.WholeLog.json;
import static dev.terraseal.ingest.WholeLog.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.receipt.ReceiptCheck;
import dev.terraseal.core.receipt.ReceiptVerification;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What HTTP promises, over the whole pipeline. Each test has a stream of its own, so that they share one log. */
class HttpContractTest {
    private static WholeLog whole;

    @BeforeAll
    static void begin(@TempDir Path data) throws Exception {
        whole = new WholeLog(data, Optional.empty());
    }

    @AfterAll
    static void end() throws Exception {
        whole.close();
    }

    @AfterEach
    void noPartStopped() {
        assertThat(whole.fatal).isEmpty();
    }

    private static Json.Obj first(HttpResponse<byte[]> response) {
        return json(response).array("events").objects().get(0);
    }

    private static ReceiptCheck check(Json.Obj receipt) {
        return ReceiptVerification.check(
                Receipt.parse(receipt.bytes()), whole.log.genesis(), new SignatureChecker(null));
    }

    private static void isProblem(HttpResponse<byte[]> response, int status, String code) {
        assertThat(text(response)).isNotEmpty();
        assertThat(response.statusCode()).as(text(response)).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        Json.Obj problem = json(response);
        assertThat(problem.number("status")).isEqualTo(status);
        assertThat(problem.string("code")).isEqualTo(code);
        assertThat(problem.string("type")).isEqualTo("https://terraseal.dev/problems/" + code);
        assertThat(problem.string("title")).isNotBlank();
        assertThat(problem.string("detail")).isNotBlank();
    }

    @Test
    void anEventNobodyWaitsForIsAcceptedAndItsReceiptIsPendingUntilItIsThere() throws Exception {
        HttpResponse<byte[]> accepted = whole.post("/v1/events", apply("a/later", "1"));
        assertThat(accepted.statusCode()).as(text(accepted)).isEqualTo(202);
        assertThat(first(accepted).string("status")).isEqualTo("accepted");
        HttpResponse<byte[]> receipt = whole.get("/v1/receipts?stream=a/later&id=1");
        while (receipt.statusCode() == 202) {
            assertThat(json(receipt).string("status")).isEqualTo("pending");
            assertThat(receipt.headers().firstValue("Retry-After")).isPresent();
            receipt = whole.get("/v1/receipts?stream=a/later&id=1");
        }
        assertThat(receipt.statusCode()).isEqualTo(200);
        assertThat(check(json(receipt))).isNotInstanceOf(ReceiptCheck.Refused.class);
    }

    @Test
    void whoWaitsForTheCheckpointGetsAReceiptThatProvesItsPlace() throws Exception {
        HttpResponse<byte[]> sent = whole.post("/v1/events?wait=checkpoint", apply("a/proven", "1"));
        assertThat(sent.statusCode()).as(text(sent)).isEqualTo(201);
        assertThat(first(sent).string("status")).isEqualTo("checkpointed");
        ReceiptCheck check = check(first(sent).object("receipt"));
        assertThat(check).isInstanceOfSatisfying(ReceiptCheck.Proven.class, proven -> {
            assertThat(proven.statement().sequence().value())
                    .isEqualTo(first(sent).number("sequence"));
            assertThat(proven.statement().stream().value()).isEqualTo("a/proven");
        });
    }

    @Test
    void whoWaitsForTheSignatureGetsItAndTheSameEventAgainIsTheSameEntry() throws Exception {
        HttpResponse<byte[]> sent = whole.post("/v1/events?wait=signed", apply("a/twice", "1"));
        assertThat(sent.statusCode()).as(text(sent)).isEqualTo(201);
        assertThat(check(first(sent).object("receipt"))).isNotInstanceOf(ReceiptCheck.Refused.class);

        HttpResponse<byte[]> again = whole.post("/v1/events?wait=signed", apply("a/twice", "1"));
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(first(again).string("status")).isEqualTo("duplicate");
        assertThat(first(again).number("sequence")).isEqualTo(first(sent).number("sequence"));
        assertThat(first(again).has("receipt")).isTrue();
    }

    @Test
    void anIdWithOtherContentIsAConflictThatNamesBothContents() throws Exception {
        whole.post("/v1/events?wait=signed", apply("a/conflict", "1", "succeeded"));
        HttpResponse<byte[]> other = whole.post("/v1/events", apply("a/conflict", "1", "failed"));
        isProblem(other, 409, "id-conflict");
        Json.Obj problem = json(other);
        assertThat(problem.string("loggedSha256")).hasSizeGreaterThanOrEqualTo(16);
        assertThat(problem.string("submittedSha256")).hasSize(64).doesNotStartWith(problem.string("loggedSha256"));
        assertThat(problem.has("sequence")).isTrue();
    }

    @Test
    void ofAnArrayAllAreAcceptedOrNoneAndEveryProblemHasItsPlace() throws Exception {
        String wrong = apply("a/array", "bad id").replace("https://terraseal.dev/terraform-apply/v1", "no-uri");
        HttpResponse<byte[]> refused =
                whole.post("/v1/events", "[" + apply("a/array", "good") + "," + wrong + "," + apply("_log", "x") + "]");
        assertThat(refused.statusCode()).as(text(refused)).isEqualTo(422);
        List<Json.Obj> problems = json(refused).array("problems").objects();
        assertThat(problems)
                .extracting(problem -> problem.number("index"))
                .contains(1L, 2L)
                .doesNotContain(0L);
        assertThat(problems).allSatisfy(problem -> {
            assertThat(problem.string("pointer")).isNotNull();
            assertThat(problem.string("code")).matches("[a-z-]+");
            assertThat(problem.string("message")).isNotBlank();
        });
        assertThat(problems).extracting(problem -> problem.string("code")).contains("bad-id", "reserved-stream");
        isProblem(whole.get("/v1/receipts?stream=a/array&id=good"), 404, "not-found");
    }

    @Test
    void oneIdWithTwoContentsInOneRequestIsRefusedBeforeAnythingIsSent() throws Exception {
        HttpResponse<byte[]> refused = whole.post(
                "/v1/events", "[" + apply("a/twin", "1", "succeeded") + "," + apply("a/twin", "1", "failed") + "]");
        isProblem(refused, 422, "id-conflict");
        assertThat(json(refused).array("problems").objects().get(0).number("index"))
                .isEqualTo(1);
        isProblem(whole.get("/v1/receipts?stream=a/twin&id=1"), 404, "not-found");
    }

    @Test
    void whatIsNoJsonTooLargeOrTooManyIsRefusedAsSuch() throws Exception {
        isProblem(whole.post("/v1/events", "{"), 400, "malformed-request");
        isProblem(whole.post("/v1/events", "[]"), 400, "malformed-request");
        isProblem(whole.post("/v1/events?wait=soon", apply("a/x", "1")), 400, "bad-query");
        isProblem(whole.post("/v1/events?wait=signed&wait=signed", apply("a/x", "1")), 400, "bad-query");
        isProblem(whole.post("/v1/events", " ".repeat((4 << 20) + 1)), 413, "too-large");
        isProblem(whole.get("/v1/events"), 405, "method-not-allowed");
        isProblem(whole.get("/v1/eventsource"), 404, "not-found");
        isProblem(whole.get("/nothing"), 404, "not-found");
    }

    @Test
    void aStatementThatCouldPassTheLimitIsRefusedAndOneBelowItIsAttested() throws Exception {
        int refused = 0;
        int attested = 0;
        int limit = (int) whole.log.statementBytesLimit();
        for (int size = limit - 2_000; size < limit; size += 400) {
            String event = apply("a/large", "s" + size)
                    .replace("\"name\":\"tfplan\"", "\"name\":\"" + "n".repeat(size) + "\"");
            HttpResponse<byte[]> answer = whole.post("/v1/events?wait=signed", event);
            if (answer.statusCode() == 422) {
                isProblem(answer, 422, "too-large");
                refused++;
            } else {
                assertThat(answer.statusCode()).as(text(answer)).isEqualTo(201);
                attested++;
            }
        }
        assertThat(refused).isPositive();
        assertThat(attested).isPositive();
    }

    @Test
    void anAttachmentComesBeforeTheEventThatNamesIt() throws Exception {
        byte[] content = "many resources".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Digest sha256 = Digest.of(Bytes.copyOf(content));
        String event = Events.event(
                "a/attached",
                "1",
                Json.obj()
                        .put(
                                "changes",
                                Json.obj().put("resourcesSha256", sha256).build())
                        .put("outcome", "succeeded")
                        .build());
        HttpResponse<byte[]> missing = whole.post("/v1/events", event);
        isProblem(missing, 422, "missing-attachment");
        assertThat(json(missing).array("problems").objects().get(0).string("pointer"))
                .isEqualTo("/predicate/changes/resourcesSha256");

        String path = "/v1/attachments/sha256/" + sha256;
        isProblem(whole.put(path, new byte[] {1}), 422, "digest-mismatch");
        isProblem(whole.put("/v1/attachments/sha256/XYZ", content), 400, "bad-path");
        assertThat(whole.put(path, content).statusCode()).isEqualTo(201);
        assertThat(whole.put(path, content).statusCode()).isEqualTo(200);
        HttpResponse<byte[]> sent = whole.post("/v1/events", event);
        assertThat(sent.statusCode()).as(text(sent)).isEqualTo(202);
    }

    @Test
    void theReadPathIsTheArchive() throws Exception {
        HttpResponse<byte[]> sent = whole.post("/v1/events?wait=checkpoint", apply("a/read", "1"));
        assertThat(sent.statusCode()).isEqualTo(201);
        assertThat(whole.get("/v1/log").body()).isEqualTo(whole.log.bytes().toByteArray());
        assertThat(whole.archive.read("log.json", Validity.any()).map(Stored::content))
                .contains(whole.log.bytes());
        HttpResponse<byte[]> checkpoint = whole.get("/checkpoint");
        assertThat(text(checkpoint)).startsWith(whole.log.origin().value() + "\n");
        String size = text(checkpoint).split("\n")[1];
        Bytes locked = whole.archive
                .read("checkpoints/" + size, Validity.any())
                .map(Stored::content)
                .orElseThrow();
        assertThat(text(checkpoint)).isEqualTo(locked.utf8());
        isProblem(whole.get("/tile/8/x"), 404, "not-found");
        isProblem(whole.get("/checkpoint/older"), 404, "not-found");
    }

    @Test
    void entriesAreServedOneByOneAndAsLines() throws Exception {
        HttpResponse<byte[]> sent = whole.post("/v1/events?wait=signed", apply("a/entries", "1"));
        long sequence = first(sent).number("sequence");
        HttpResponse<byte[]> entry = whole.get("/v1/entries/" + sequence);
        Statement statement =
                Statement.parse(Envelope.parse(Bytes.wrap(entry.body())).payload());
        assertThat(statement.sequence().value()).isEqualTo(sequence);

        HttpResponse<byte[]> lines = whole.get("/v1/entries?from=0");
        assertThat(lines.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        List<Long> sequences = new ArrayList<>();
        for (String line : text(lines).split("\n")) {
            sequences.add(CanonicalJson.parseObject(Bytes.utf8(line)).number("sequence"));
        }
        for (int i = 0; i < sequences.size(); i++) {
            assertThat(sequences.get(i)).isEqualTo(i);
        }
        assertThat(sequences).contains(sequence);
        assertThat(text(whole.get("/v1/entries?from=0&limit=1")).lines()).hasSize(1);
        assertThat(text(whole.get("/v1/entries?from=0&follow=true&limit=1")).lines())
                .hasSize(1);
        isProblem(whole.get("/v1/entries/9007199254740991"), 404, "not-found");
        isProblem(whole.get("/v1/entries/first"), 400, "bad-query");
        isProblem(whole.get("/v1/entries?from=-1"), 400, "bad-query");
    }

    @Test
    void aHeadsEntryIsMadeOnDemandAndNeverTwice() throws Exception {
        long sequence = first(whole.post("/v1/events?wait=signed", apply("a/heads", "1")))
                .number("sequence");
        HttpResponse<byte[]> heads = whole.post("/v1/heads", "");
        assertThat(heads.statusCode()).as(text(heads)).isEqualTo(200);
        assertThat(json(heads).number("sequence")).isGreaterThan(sequence);
        assertThat(json(heads).number("size")).isGreaterThan(json(heads).number("sequence"));
        HttpResponse<byte[]> again = whole.post("/v1/heads", "");
        assertThat(again.statusCode()).as(text(again)).isEqualTo(200);
        assertThat(json(again).number("size")).isEqualTo(json(heads).number("size"));

        whole.restartIngest();
        HttpResponse<byte[]> afterRestart = whole.post("/v1/heads", "");
        assertThat(afterRestart.statusCode()).as(text(afterRestart)).isEqualTo(200);
        assertThat(json(afterRestart).number("size")).isEqualTo(json(heads).number("size"));
        HttpResponse<byte[]> known = whole.get("/v1/receipts?stream=a/heads&id=1");
        while (known.statusCode() == 503) {
            known = whole.get("/v1/receipts?stream=a/heads&id=1");
        }
        assertThat(check(json(known))).isInstanceOf(ReceiptCheck.Proven.class);
    }

    @Test
    void theDocumentListsExactlyTheRoutesThatAreServed() throws Exception {
        Set<String> listed = new TreeSet<>();
        String document = text(whole.get("/openapi.json"));
        var paths = new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(document)
                .get("paths");
        paths.fieldNames().forEachRemaining(listed::add);
        assertThat(listed)
                .containsExactlyInAnyOrder(
                        "/v1/events",
                        "/v1/receipts",
                        "/v1/batches/{first}",
                        "/v1/entries",
                        "/v1/entries/{sequence}",
                        "/v1/attachments/sha256/{hex}",
                        "/v1/log",
                        "/v1/heads",
                        "/checkpoint",
                        "/tile/{path}",
                        "/healthz",
                        "/readyz",
                        "/metrics",
                        "/openapi.json");
        for (String path : listed) {
            String there = path.replace("{sequence}", "0")
                    .replace("{first}", "0")
                    .replace("{hex}", "00")
                    .replace("{path}", "0/000");
            HttpResponse<byte[]> answer = whole.send(whole.to(there).method("PATCH", BodyPublishers.noBody()));
            // Served, and not by this method: a path that is not served would be 404.
            assertThat(answer.statusCode()).as(path).isEqualTo(405);
        }
    }

    @Test
    void healthAndMetricsAreText() throws Exception {
        assertThat(text(whole.get("/healthz"))).isEqualTo("ok\n");
        assertThat(text(whole.get("/readyz"))).startsWith("ready");
        assertThat(text(whole.get("/metrics")))
                .contains("# TYPE terraseal_log_size gauge\nterraseal_log_size ")
                .contains("terraseal_ingest_waiting 0\n");
    }
}
