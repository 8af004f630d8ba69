package dev.terraseal.core.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.core.statement.StatementIdentity;
import dev.terraseal.core.statement.StatementWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChainTest {
    private static final Digest GENESIS = Digest.of(Bytes.utf8("log.json"));
    private static final LogOrigin LOG = new LogOrigin("logs.example.com/test");

    private static Event event(String stream, String id, long millis) {
        Json.Obj subject = Json.obj()
                .put("name", "tfplan")
                .put(
                        "digest",
                        Json.obj().put("sha256", Digest.of(Bytes.utf8(id))).build())
                .build();
        Json.Obj claimed = Json.obj().put("tool", "test \"quoted\" } \u2028").build();
        return new Event(
                PredicateType.TERRAFORM_APPLY,
                new StreamId(stream),
                new EventId(id),
                new Timestamp(millis),
                Json.arr(List.of(subject)).bytes(),
                Json.obj().put("outcome", "succeeded").build().bytes(),
                Json.obj().put("claimed", claimed).build().bytes(),
                claimed.bytes(),
                Bytes.wrap(new byte[16]),
                null);
    }

    @Test
    void theFirstEntriesAreTheseBytes() {
        Appended first =
                new Chain().append(LogHead.birth(LOG, GENESIS), null, event("acme/prod", "run-1", 0), new Timestamp(1));
        assertThat(first.statement().utf8())
                .isEqualTo(
                        "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicate\":{\"body\":{\"outcome\":\"succeeded\"},"
                                + "\"chain\":{\"log\":\"logs.example.com/test\",\"prevHash\":\"" + GENESIS
                                + "\",\"sequence\":0,"
                                + "\"stream\":{\"id\":\"acme/prod\",\"prevHash\":\"" + GENESIS + "\",\"sequence\":0}},"
                                + "\"event\":{\"contentSha256\":\""
                                + event("acme/prod", "run-1", 0).contentDigest() + "\",\"id\":\"run-1\","
                                + "\"occurredAt\":\"1970-01-01T00:00:00.000Z\",\"receivedAt\":\"1970-01-01T00:00:00.001Z\","
                                + "\"salt\":\"00000000000000000000000000000000\",\"source\":{\"claimed\":{\"tool\":\"test \\\"quoted\\\" } \u2028\"}}}},"
                                + "\"predicateType\":\"https://terraseal.dev/terraform-apply/v1\",\"subject\":[{\"digest\":{\"sha256\":\""
                                + Digest.of(Bytes.utf8("run-1")) + "\"},\"name\":\"tfplan\"}]}");
        assertThat(first.entryHash()).isEqualTo(Digest.of(first.statement()));
    }

    @Test
    void theContentDigestIsThatOfTheCanonicalObject() {
        Event event = event("acme/prod", "run-1", 5);
        Json.Obj naive = Json.obj()
                .put("type", event.type().uri())
                .put("stream", "acme/prod")
                .put("id", "run-1")
                .put("occurredAt", "1970-01-01T00:00:00.005Z")
                .put("subjects", dev.terraseal.core.canonical.CanonicalJson.parse(event.subjects()))
                .put("predicate", dev.terraseal.core.canonical.CanonicalJson.parse(event.body()))
                .put("claimed", dev.terraseal.core.canonical.CanonicalJson.parse(event.claimed()))
                .build();
        assertThat(event.contentDigest()).isEqualTo(Digest.of(naive.bytes()));
    }

    @Test
    void everyStepIsDenseChainedAndReadBackStrictly() {
        long seed = 7;
        Random random = new Random(seed);
        Chain chain = new Chain();
        LogHead head = LogHead.birth(LOG, GENESIS);
        Map<StreamId, StreamHead> streams = new HashMap<>();
        Map<StreamId, Digest> before = new HashMap<>();
        Digest last = GENESIS;
        for (int i = 0; i < 500; i++) {
            Event event = event("s/" + random.nextInt(7), "id-" + i, random.nextInt());
            Appended step = chain.append(head, streams.get(event.stream()), event, new Timestamp(i));
            Statement read = Statement.parse(step.statement());
            assertThat(read.sequence().value()).as("seed %d", seed).isEqualTo(i);
            assertThat(read.link().prevHash()).isEqualTo(last);
            assertThat(read.link().streamPrevHash()).isEqualTo(before.getOrDefault(event.stream(), GENESIS));
            assertThat(read.contentDigest()).isEqualTo(event.contentDigest());
            assertThat(read.event()).isEqualTo(event);
            assertThat(read.derivedContentDigest()).isEqualTo(event.contentDigest());
            assertThat(StatementIdentity.scan(step.statement()))
                    .isEqualTo(new StatementIdentity(
                            new SequenceNumber(i),
                            last,
                            event.stream(),
                            read.link().streamSequence(),
                            read.link().streamPrevHash(),
                            event.id(),
                            event.contentDigest()));
            last = step.entryHash();
            before.put(event.stream(), last);
            head = step.log();
            streams.put(event.stream(), step.stream());
        }
        assertThat(streams.values().stream().mapToLong(StreamHead::count).sum()).isEqualTo(500);
    }

    @Test
    void theLargestStatementIsNeverPassed() {
        Event event = event("acme/prod", "run-1", 0);
        LogHead far = new LogHead(LOG, GENESIS, (1L << 53) - 2, GENESIS);
        int bytes = new Chain()
                .append(far, new StreamHead(1L << 52, new SequenceNumber(5), GENESIS), event, new Timestamp(0))
                .statement()
                .length();
        assertThat(new StatementWriter().largestStatement(event, LOG))
                .isGreaterThanOrEqualTo(bytes)
                .isLessThan(bytes + 4);
    }

    @Test
    void aStatementWithAMemberMoreOrLessOrAnotherTypesBodyIsRefused() {
        String text = new Chain()
                .append(LogHead.birth(LOG, GENESIS), null, event("acme/prod", "run-1", 0), new Timestamp(1))
                .statement()
                .utf8();
        for (String bad : List.of(
                text.replace("{\"_type\"", "{\"A\":1,\"_type\""),
                text.replace("\"sequence\":0,\"stream\"", "\"stream\""),
                text.replace("terraform-apply", "heads"),
                text.replace("terraform-apply", "batch"),
                text.replace("\"outcome\"", "\"outcomf\""),
                text.replace("\"salt\":\"00", "\"salt\":\""),
                text.replace("\"sequence\":0,\"stream\"", "\"sequence\":-1,\"stream\""),
                text.replace("{\"id\":\"acme/prod\"", "{\"id\":\"acme/../prod\""),
                text.replace("\"claimed\"", "\"verified\""))) {
            assertThat(bad).isNotEqualTo(text);
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> Statement.parse(Bytes.utf8(bad)));
        }
    }

    @Test
    void headsCommitToEveryStreamInOrderAndAreReadBack() {
        Map<StreamId, StreamHead> streams = Map.of(
                new StreamId("b"),
                new StreamHead(2, new SequenceNumber(4), GENESIS),
                new StreamId("a/z"),
                new StreamHead(1, new SequenceNumber(0), GENESIS),
                StreamId.LOG,
                new StreamHead(1, new SequenceNumber(3), GENESIS));
        Heads heads = Heads.of(streams);
        assertThat(heads.file().utf8())
                .isEqualTo("[{\"count\":1,\"entryHash\":\"" + GENESIS + "\",\"id\":\"_log\",\"sequence\":3},"
                        + "{\"count\":1,\"entryHash\":\"" + GENESIS + "\",\"id\":\"a/z\",\"sequence\":0},"
                        + "{\"count\":2,\"entryHash\":\"" + GENESIS + "\",\"id\":\"b\",\"sequence\":4}]");
        assertThat(Heads.parseFile(heads.file()).root()).isEqualTo(heads.root());
        Event event = heads.event(new SequenceNumber(5), new Timestamp(9));
        Statement statement = Statement.parse(new Chain()
                .append(new LogHead(LOG, GENESIS, 5, GENESIS), streams.get(StreamId.LOG), event, new Timestamp(9))
                .statement());
        assertThat(statement.id().value()).isEqualTo("heads-5");
        assertThat(statement.body().string("root")).isEqualTo(heads.root().base64());
        assertThat(statement.subjects().objects().get(0).object("digest").string("sha256"))
                .isEqualTo(Digest.of(heads.file()).hex());
    }
}
