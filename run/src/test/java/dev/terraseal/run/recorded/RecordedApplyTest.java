package dev.terraseal.run.recorded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.PredicateType;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordedApplyTest {
    @Test
    void theRecordedAppliesAreEventsOfOneHistory() throws Exception {
        List<Json.Obj> events = RecordedApply.events()
                .utf8()
                .lines()
                .map(line -> CanonicalJson.parseObject(Bytes.utf8(line)))
                .toList();
        assertThat(events).hasSize(2).allSatisfy(event -> {
            assertThat(event.string("stream")).isEqualTo("demo/prod");
            PredicateType.TERRAFORM_APPLY.requireBody(event.object("predicate"));
        });
        Json.Obj first = events.get(0).object("predicate").object("state");
        Json.Obj second = events.get(1).object("predicate").object("state");
        assertThat(second.string("lineage")).isEqualTo(first.string("lineage"));
        assertThat(second.string("sha256Before")).isEqualTo(first.string("sha256After"));
        assertThat(second.number("serialBefore")).isEqualTo(first.number("serialAfter"));
    }

    @Test
    void theTranscriptIsOfTheSameApplies() throws Exception {
        assertThat(RecordedApply.transcript())
                .contains("3 added")
                .contains("1 added, 1 changed")
                .doesNotContain("\u001b");
    }
}
