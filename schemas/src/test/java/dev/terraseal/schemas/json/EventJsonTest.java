package dev.terraseal.schemas.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.schemas.DecodedEvent;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.EventRecord;
import dev.terraseal.schemas.SchemaSource;
import dev.terraseal.schemas.sample.SampleEvents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventJsonTest {
    private static final String SHA = "5f".repeat(32);
    private static final String GOOD = """
            {"id": "run-4711-apply", "type": "https://terraseal.dev/terraform-apply/v1", "stream": "acme/infra/prod",
             "occurredAt": "2026-11-22T01:02:03.123Z",
             "subjects": [{"name": "tfplan", "digest": {"sha256": "%s"}}],
             "predicate": {"outcome": "succeeded"}}""".formatted(SHA);

    private static List<ParsedEvent> parse(String text) {
        return EventJson.parse(Bytes.utf8(text));
    }

    private static ParsedEvent.Accepted accepted(String text) {
        return parse(text).get(0).fold(accepted -> accepted, refused -> {
            throw new AssertionError(refused.problems().toString());
        });
    }

    private static List<EventProblem> problems(String text) {
        return parse(text).get(0).fold(accepted -> List.<EventProblem>of(), ParsedEvent.Refused::problems);
    }

    private static String with(String members) {
        return GOOD.substring(0, GOOD.length() - 1) + "," + members + "}";
    }

    private static String apply(String members) {
        return GOOD.replace("{\"outcome\": \"succeeded\"}", "{\"outcome\": \"succeeded\", " + members + "}");
    }

    @Test
    void theExampleOfTheFormatsIsAnEvent() {
        Event event = accepted(GOOD).event();
        assertThat(event.type()).isEqualTo(PredicateType.TERRAFORM_APPLY);
        assertThat(event.stream()).hasToString("acme/infra/prod");
        assertThat(event.id()).hasToString("run-4711-apply");
        assertThat(event.occurredAt()).hasToString("2026-11-22T01:02:03.123Z");
        assertThat(event.body().utf8()).isEqualTo("{\"outcome\":\"succeeded\"}");
        assertThat(event.source()).isNull();
    }

    @Test
    void everyMemberComesOutAsItWentIn() {
        String body = """
                {"capture":{"jsonLines":20,"otherLines":0,"rawLogSha256":"H","redactedPaths":0,"redactor":"r","unknownTypes":["x"]},\
                "change":{"approvals":["H"],"decision":"d","exception":"e","reason":"f\\u00fcr","requestedBy":"b","rollbackOf":"H","ticket":"T-1"},\
                "changes":{"add":1,"change":0,"import":0,"remove":9007199254740991,"resources":[{"actions":["no-op"],"address":"a.b[\\"c\\"]","elapsedMillis":5,"outcome":"succeeded","provider":"p","type":"t"}],"resourcesSha256":"H"},\
                "configuration":{"commit":"c","dirty":false,"lockFileSha256":"H","path":".","ref":"r","repository":"u"},\
                "dependencies":[{"digest":{"h1":"abc=","zh":"00"},"name":"registry.terraform.io/hashicorp/aws"}],\
                "diagnostics":[{"address":"a","severity":"warning","summarySha256":"H"}],\
                "engine":{"name":"tofu","platform":"linux_amd64","uiVersion":"1.2","version":"1.10"},\
                "invocation":{"attempt":1,"command":["tofu","apply"],"exitCode":-1,"finishedAt":"9999-12-31T23:59:59.999Z","id":"1","startedAt":"0001-01-01T00:00:00.000Z"},\
                "outcome":"partial","plan":{"saved":true,"sha256":"H"},\
                "state":{"lineage":"l","serialAfter":2,"serialBefore":1,"sha256After":"H","sha256Before":"H"},\
                "workspace":{"backend":"s3","environment":"prod","name":"w"}}""".replace("\"H\"", "\"" + SHA + "\"").replace("\\u00fc", "\u00fc");
        CanonicalJson.check(Bytes.utf8(body));
        String claimed =
                "{\"actor\":\"dana\",\"labels\":{\"team\":\"core\"},\"runUrl\":\"https://ci/1\",\"runner\":\"r\"}";
        String seen = "{\"cosignatures\":[\"\u2014 w abc=\"],\"noteSha256\":\"" + SHA + "\",\"root\":\""
                + Digest.of().base64() + "\",\"size\":12}";
        Event event = accepted(GOOD.replace("{\"outcome\": \"succeeded\"}", body)
                        .replaceFirst(
                                "\\}$",
                                ",\"source\":{\"claimed\":" + claimed
                                        + "},\"salt\":\"000102030405060708090a0b0c0d0e0f\",\"seenCheckpoint\":" + seen
                                        + "}"))
                .event();
        assertThat(event.body().utf8()).isEqualTo(body);
        assertThat(event.claimed()).isEqualTo(Bytes.utf8(claimed));
        assertThat(event.source()).isEqualTo(Bytes.utf8("{\"claimed\":" + claimed + "}"));
        assertThat(event.seenCheckpoint()).isEqualTo(Bytes.utf8(seen));
        assertThat(event.salt()).isEqualTo(Bytes.fromHex("000102030405060708090a0b0c0d0e0f"));
    }

    @Test
    void aForeignAttestationIsKeptByteForByte() {
        String predicate = "{ \"b\" : 1.50,\n\t\"a\":[null, \"\\ud83d\\ude00 \u00fc\"], \"a\":{} }";
        Event event = accepted(
                        GOOD.replace("https://terraseal.dev/terraform-apply/v1", "https://slsa.dev/provenance/v1")
                                .replace("{\"outcome\": \"succeeded\"}", predicate))
                .event();
        assertThat(event.type()).isEqualTo(PredicateType.RECORDED);
        Json.Obj body = CanonicalJson.parseObject(event.body());
        assertThat(body.base64("bytes").utf8()).isEqualTo(predicate);
        assertThat(body.string("mediaType")).isEqualTo("application/json");
        assertThat(body.string("predicateType")).isEqualTo("https://slsa.dev/provenance/v1");
        assertThat(body.digest("sha256")).isEqualTo(Digest.of(Bytes.utf8(predicate)));
        assertThat(body.bool("signed")).isFalse();
    }

    @Test
    void aForeignAttestationIsKeptWhereverItStandsInTheRequest() {
        String predicate = "{\"x\":\"\u20ac\"}";
        String event = "{\"predicate\": " + predicate + " ,\"id\":\"a\",\"stream\":\"s\",\"occurredAt\":"
                + "\"2026-11-22T01:02:03.123Z\",\"subjects\":[{\"name\":\"\u00fc\",\"digest\":{\"sha256\":\"" + SHA
                + "\"}}],\"type\":\"urn:x\"}";
        List<ParsedEvent> events = parse("[" + GOOD + " , " + event + ",\n" + event + "]");
        assertThat(events).hasSize(3);
        for (ParsedEvent foreign : events.subList(1, 3)) {
            Event accepted = foreign.fold(a -> a.event(), refused -> {
                throw new AssertionError(refused.problems().toString());
            });
            assertThat(CanonicalJson.parseObject(accepted.body()).base64("bytes"))
                    .isEqualTo(Bytes.utf8(predicate));
        }
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        List<EventProblem> problems = problems("""
                {"id": "-x", "type": "https://terraseal.dev/terraform-apply/v1", "stream": "a//b", "occurredAt": "yesterday",
                 "subjects": [{"name": 5, "digest": {"sha256": "ABC"}}], "extra": 1,
                 "predicate": {"outcome": "fine", "plan": {"saved": "yes", "sha256": 1.5}, "oops": {}, "state": {"lineage": null},
                   "invocation": {"exitCode": 9007199254740992, "command": ["a", 7, "\\ud800"]}}}""");
        assertThat(problems)
                .extracting(EventProblem::pointer)
                .containsExactlyInAnyOrder(
                        "/id",
                        "/stream",
                        "/occurredAt",
                        "/subjects/0/name",
                        "/subjects/0/digest/sha256",
                        "/extra",
                        "/predicate/outcome",
                        "/predicate/plan/saved",
                        "/predicate/plan/sha256",
                        "/predicate/oops",
                        "/predicate/state/lineage",
                        "/predicate/invocation/exitCode",
                        "/predicate/invocation/command/1",
                        "/predicate/invocation/command/2");
        assertThat(problems).allSatisfy(problem -> assertThat(problem.message()).isNotBlank());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"id\": \"a\"                       | /id                | bad-value",
                "\"predicate\": {}                   | /predicate         | bad-value",
                "\"salt\": \"00\"                    | /salt              | bad-value",
                "\"salt\": null                      | /salt              | bad-value",
                "\"salt\": 5                         | /salt              | bad-value",
                "\"source\": {}                      | /source            | bad-value",
                "\"source\": []                      | /source            | bad-value",
                "\"source\": {\"x\": {}}             | /source/x          | bad-value",
                "\"source\": {\"claimed\":{\"x\":1}} | /source/claimed/x  | bad-value",
                "\"a/b~c\": 1                        | /a~1b~0c           | bad-value",
                "\"source\": {\"claimed\":{\"labels\":{\"k\":1}}} | /source/claimed/labels/k | bad-value",
                "\"source\": {\"claimed\":{\"actor\":\"a\",\"actor\":\"b\"}} | /source/claimed/actor | bad-value",
                "\"source\": {\"claimed\":{\"actor\":\"\\udc00\\ud800\"}} | /source/claimed/actor | bad-text",
                "\"source\": {\"verified\":{\"issuer\":\"i\",\"method\":\"m\",\"subject\":\"s\"}} | /source | unauthenticated-identity",
                "\"seenCheckpoint\": {\"size\":1}    | /seenCheckpoint/noteSha256 | bad-value",
            })
    void aMemberThatDoesNotFitIsNamed(String member, String pointer, String code) {
        assertThat(problems(with(member))).anySatisfy(problem -> {
            assertThat(problem.pointer()).isEqualTo(pointer);
            assertThat(problem.reason().code()).isEqualTo(code);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.0", "1e3", "-0", "9007199254740992", "-9007199254740992", "123456789012345678901234567890"})
    void aNumberWithMoreThanOneTextIsRefused(String number) {
        assertThat(problems(apply("\"invocation\": {\"exitCode\": " + number + "}")))
                .extracting(EventProblem::pointer, EventProblem::reason)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        "/predicate/invocation/exitCode", RejectionReason.BAD_NUMBER));
    }

    @Test
    void reservedAndUnknownTypesAreNotWrapped() {
        String heads = GOOD.replace("terraform-apply/v1", "heads/v1");
        assertThat(problems(heads)).extracting(EventProblem::reason).containsExactly(RejectionReason.RESERVED_STREAM);
        String unknown = GOOD.replace("terraform-apply/v1", "terraform-apply/v2");
        assertThat(problems(unknown)).extracting(EventProblem::reason).containsExactly(RejectionReason.UNKNOWN_TYPE);
        String reserved = GOOD.replace("acme/infra/prod", "_log");
        assertThat(problems(reserved))
                .extracting(EventProblem::pointer, EventProblem::reason)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("/stream", RejectionReason.RESERVED_STREAM));
    }

    @Test
    void moreThanSixtyFourLevelsAreRefusedAndTheRestIsStillRead() {
        String deep = "{\"a\":".repeat(70) + "1" + "}".repeat(70);
        assertThat(problems(GOOD.replace("\"succeeded\"", "5").replaceFirst("\\}$", ",\"source\":" + deep + "}")))
                .extracting(EventProblem::reason)
                .contains(RejectionReason.TOO_DEEP, RejectionReason.BODY_MISMATCH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "null",
                "5",
                "{",
                "{\"id\":}",
                "[1",
                "{\"a\":1,}",
                "{'a':1}",
                "{\"a\":01}",
                "NaN",
                "{} {}",
                "{\"a\":\"\n\"}",
                "// x\n{}",
                "{\"a\":1}}"
            })
    void whatIsNoJsonEventIsRefusedAsAWhole(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(JsonException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"efbbbf7b7d", "7b22c080223a317d", "7b2261223a22eda080227d", "fffe7b007d00", "7b007d00", "ff"})
    void otherEncodingsThanPlainUtf8AreRefused(String hex) {
        assertThatThrownBy(() -> EventJson.parse(Bytes.fromHex(hex))).isInstanceOf(JsonException.class);
    }

    @Test
    void whatComesAfterOneEventTooManyIsNotRead() {
        String broken = "[" + "{},".repeat(1_001) + "no JSON";
        assertThat(EventJson.parse(Bytes.utf8(broken), 1_000)).hasSize(1_001);
        assertThatThrownBy(() -> EventJson.parse(Bytes.utf8(broken), 1_001)).isInstanceOf(JsonException.class);
        assertThat(EventJson.parse(Bytes.utf8("[" + GOOD + "]"), 1)).hasSize(1);
    }

    @Test
    void aRequestOfErrorsKeepsAHundredProblemsAndOneOfEachEventMore() {
        int kept = 0;
        for (ParsedEvent event :
                parse("[" + "{\"a\":[null,null,null,null,null,null,null,null]},".repeat(499) + "{}]")) {
            kept += event.<Integer>fold(
                    accepted -> 0, refused -> refused.problems().size());
        }
        assertThat(kept).isBetween(500, 700);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"claimed\":[%s{}]", "\"claimed\":{\"a\":[%s{}]},\"more\":{}"})
    void valuesBeyondWhatAStatementHoldsArePassedOver(String member) {
        String many = "{},".repeat(StrictJson.VALUES_MAX);
        List<EventProblem> found = problems(with("\"source\":{" + member.formatted(many) + "}"));
        assertThat(found).extracting(EventProblem::reason).contains(RejectionReason.TOO_LARGE);
        assertThat(problems("{" + "\"a\":1,".repeat(StrictJson.VALUES_MAX + 5) + "\"b\":2}"))
                .isNotEmpty();
        assertThat(problems(apply("\"changes\":[" + many + "{}]")))
                .extracting(EventProblem::reason)
                .contains(RejectionReason.TOO_LARGE);
        List<ParsedEvent> events = parse("[" + with("\"source\":{" + member.formatted(many) + "}") + "," + GOOD + "]");
        assertThat(events.get(1)).isInstanceOf(ParsedEvent.Accepted.class);
    }

    @Test
    void hugeNestingDoesNotOverflowTheStack() {
        String deep = "[".repeat(2_000_000);
        assertThatThrownBy(() -> parse(deep)).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> parse("{\"predicate\":" + "{\"a\":".repeat(500_000)))
                .isInstanceOf(JsonException.class);
    }

    @Test
    void whateverIsBrokenInARequestTheAnswerIsOneOfTheThree() {
        long seed = 20261122;
        Random random = new Random(seed);
        byte[] good = with("\"source\":{\"claimed\":{\"actor\":\"d\u00fc\"}}").getBytes(StandardCharsets.UTF_8);
        int whole = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] broken = random.nextInt(10) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int flips = random.nextInt(3); flips > 0 && broken.length > 0; flips--) {
                broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                for (ParsedEvent event : EventJson.parse(Bytes.wrap(broken))) {
                    whole += event.fold(accepted -> 1, refused -> {
                        assertThat(refused.problems())
                                .as("seed %d: %s", seed, Bytes.wrap(broken).hex())
                                .isNotEmpty();
                        return 0;
                    });
                }
            } catch (JsonException notJson) {
                assertThat(notJson.getMessage()).isNotBlank();
            }
        }
        assertThat(whole).isGreaterThan(500);
    }

    @Test
    void anEventEncodedInJavaIsTheOneReadFromJson() throws Exception {
        SampleEvents samples = new SampleEvents(new Random(3), 8);
        EventDecoder decoder = new EventDecoder(1, SchemaSource.none());
        List<String> texts = new ArrayList<>();
        List<EventRecord> records = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            EventRecord record = samples.next();
            Event event = ((DecodedEvent.Decoded) decoder.decode(record.encode(1))).event();
            texts.add("{\"source\":" + event.source().utf8() + ",\"predicate\":"
                    + event.body().utf8() + ",\"id\":\""
                    + event.id() + "\",\"stream\":\"" + event.stream() + "\",\"type\":\""
                    + event.type().uri()
                    + "\",\"occurredAt\":\"" + event.occurredAt() + "\",\"subjects\":"
                    + event.subjects().utf8() + "}");
            records.add(record);
        }
        List<ParsedEvent> parsed = parse("[" + String.join(",", texts) + "]");
        assertThat(parsed)
                .extracting(event -> event.<EventRecord>fold(ParsedEvent.Accepted::record, refused -> null))
                .isEqualTo(records);
    }

    /** Half of it would have no UTF-8 form, and the answer that names the problem could not be written. */
    @Test
    void whatAProblemQuotesIsCutBetweenCharacters() {
        for (int before = 76; before <= 81; before++) {
            String name = "a".repeat(before) + "\ud83d\ude00 ".repeat(400);
            List<EventProblem> found = new ArrayList<>(problems(GOOD.replace("run-4711-apply", name)));
            found.addAll(problems(GOOD.replace("acme/infra/prod", name)));
            found.addAll(
                    problems(GOOD.replace("https://terraseal.dev/terraform-apply/v1", PredicateType.PREFIX + name)));
            found.addAll(problems(with("\"" + "b".repeat(40) + name + "\": 1")));
            found.addAll(problems(with("\"source\":{\"" + name + "\":1}")));
            assertThat(found).hasSizeGreaterThanOrEqualTo(5).allSatisfy(problem -> {
                Bytes.utf8(problem.pointer());
                Bytes.utf8(problem.message());
            });
        }
    }

    @Test
    void aProblemIsWellFormedWhoeverFindsIt() {
        EventProblem problem = new EventProblem("/a\ud83d", RejectionReason.BAD_ID, "\ude00'");
        assertThat(problem.pointer()).isEqualTo("/a?");
        assertThat(problem.message()).isEqualTo("?'");
    }
}
