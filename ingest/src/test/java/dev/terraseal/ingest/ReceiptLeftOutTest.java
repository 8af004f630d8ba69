package dev.terraseal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.receipt.ReceiptCheck;
import dev.terraseal.core.receipt.ReceiptVerification;
import dev.terraseal.store.StoreException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An answer about events that are in the log does not depend on an archive that is slow or away. */
@Timeout(60)
class ReceiptLeftOutTest {
    private EventsUnderTest route;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        route = new EventsUnderTest(directory);
    }

    @AfterEach
    void close() {
        route.close();
    }

    private String logged(int count) throws Exception {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(Events.apply("a/kept", Integer.toString(i)));
            route.logged(events.get(i));
        }
        return "[" + String.join(",", events) + "]";
    }

    private static List<Json.Obj> events(HttpResponse<String> answer) {
        return CanonicalJson.parseObject(Bytes.utf8(answer.body()))
                .array("events")
                .objects();
    }

    @Test
    void anEventThatIsInTheLogIsAnsweredAsSuchAlsoWhereTheArchiveDoesNotGiveItsReceipt() throws Exception {
        String event = logged(1);
        HttpResponse<String> answer = route.served().post("", event);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"status\":\"duplicate\"").doesNotContain("\"receipt\"");
    }

    @Test
    void hundredsSentAgainReadWhatTheirReceiptsShareOnce() throws Exception {
        String events = logged(300);
        route.archived().served();
        HttpResponse<String> answer = route.post("?wait=checkpoint", events);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(events(answer)).hasSize(300).allSatisfy(event -> {
            Receipt receipt = Receipt.parse(event.object("receipt").bytes());
            assertThat(ReceiptVerification.check(receipt, route.log.log().genesis(), new SignatureChecker(null)))
                    .isInstanceOf(ReceiptCheck.Proven.class);
        });
        assertThat(route.archive.calls.get())
                .as("a listing, a segment and two levels of tiles")
                .isLessThan(20);
    }

    @Test
    void aStoreThatFailsIsAskedOnceAndNotForEveryEvent() throws Exception {
        String events = logged(50);
        route.archived().served().archive.before = () -> {
            throw StoreException.passing("503 Slow Down");
        };
        HttpResponse<String> answer = route.post("?wait=checkpoint", events);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(events(answer)).hasSize(50).noneMatch(event -> event.has("receipt"));
        assertThat(route.archive.calls.get()).isEqualTo(1);
    }

    @Test
    void aStoreThatDoesNotComeBackHoldsNoAnswerBeyondItsTime() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        String events = logged(50);
        route.archived().served().archive.before = () -> {
            try {
                never.await();
            } catch (InterruptedException cancelled) {
                throw StoreException.passing("cancelled", cancelled);
            }
        };
        HttpResponse<String> answer = route.post("?wait=checkpoint&timeout=1", events);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(events(answer)).hasSize(50).noneMatch(event -> event.has("receipt"));
        assertThat(route.archive.calls.get()).isEqualTo(1);
    }
}
