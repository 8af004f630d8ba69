package dev.terraseal.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.schemas.avro.AvroToJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class TopicSchemasTest {
    private static List<Schema> within(Schema schema) {
        List<Schema> found = new ArrayList<>();
        collect(schema, found, new HashSet<>());
        return found;
    }

    private static void collect(Schema schema, List<Schema> found, Set<String> seen) {
        found.add(schema);
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    schema.getFields().forEach(field -> collect(field.schema(), found, seen));
                }
            }
            case ARRAY -> collect(schema.getElementType(), found, seen);
            case MAP -> collect(schema.getValueType(), found, seen);
            case UNION -> schema.getTypes().forEach(branch -> collect(branch, found, seen));
            default -> {}
        }
    }

    @Test
    void noSchemaHasAFloatingPointNumber() {
        for (TopicSchemas topic : TopicSchemas.inOrder()) {
            assertThat(within(topic.schema()))
                    .as(topic.name())
                    .extracting(Schema::getType)
                    .doesNotContain(Schema.Type.FLOAT, Schema.Type.DOUBLE);
        }
    }

    @Test
    void everyRecordThatEntersAStatementDeclaresItsFieldsInCanonicalOrder() {
        List<Schema> records = within(TopicSchemas.EVENT.schema()).stream()
                .filter(schema -> schema.getType() == Schema.Type.RECORD)
                .filter(schema -> schema != TopicSchemas.EVENT.schema())
                .toList();
        assertThat(records).hasSizeGreaterThan(20);
        for (Schema record : records) {
            assertThat(record.getFields())
                    .as(record.getFullName())
                    .extracting(Schema.Field::name)
                    .isSorted();
        }
    }

    @Test
    void theEventHasTheFieldsAndTheOrderItsReaderReads() {
        assertThat(TopicSchemas.EVENT.schema().getFields())
                .extracting(Schema.Field::name)
                .containsExactly(
                        "id", "stream", "type", "occurredAt", "subjects", "body", "source", "salt", "seenCheckpoint");
        assertThat(TopicSchemas.EVENT.schema().getField("body").schema().getTypes())
                .extracting(Schema::getName)
                .containsExactly("TerraformApply", "TerraformPlan", "Recorded", "KeyEvent", "HeadsTick");
        assertThat(EventReader.BODY_TYPES).containsExactly(PredicateType.values());
    }

    @Test
    void everythingButWhatMustExistMayBeLeftOut() {
        Schema apply =
                TopicSchemas.EVENT.schema().getField("body").schema().getTypes().get(0);
        assertThat(apply.getFields())
                .filteredOn(field -> field.schema().getType() != Schema.Type.UNION)
                .extracting(Schema.Field::name)
                .containsExactly("outcome");
    }

    @Test
    void schemasAreRegisteredWholeUnderTheTopicsNamesInOneOrder() {
        assertThat(TopicSchemas.inOrder())
                .extracting(topic -> topic.subject("terraseal"))
                .containsExactly(
                        "terraseal.events-value",
                        "terraseal.sequenced-value",
                        "terraseal.attestations-value",
                        "terraseal.outcomes-value",
                        "terraseal.rejected-value");
        for (TopicSchemas topic : TopicSchemas.inOrder()) {
            assertThat(new Schema.Parser().parse(topic.text())).isEqualTo(topic.schema());
        }
    }

    @Test
    void aSchemaWithoutASinglePassIsNotCompiled() {
        for (String bad : List.of(
                "{'type':'record','name':'R','fields':[{'name':'b','type':'long'},{'name':'a','type':'long'}]}",
                "{'type':'record','name':'R','fields':[{'name':'a','type':'double'}]}",
                "{'type':'record','name':'R','fields':[{'name':'a','type':'float'}]}",
                "{'type':'record','name':'R','fields':[{'name':'a','type':['long','null']}]}",
                "{'type':'record','name':'R','fields':[{'name':'a','type':['null','long','string']}]}",
                "{'type':'record','name':'R','fields':[{'name':'a','type':['null','R']}]}",
                "{'type':'record','name':'R','fields':[{'name':'a','type':'null'}]}",
                "{'type':'map','values':'long'}",
                "{'type':'long','logicalType':'timestamp-micros'}",
                "{'type':'int','logicalType':'date'}")) {
            Schema schema = new Schema.Parser().parse(bad.replace('\'', '"'));
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> AvroToJson.compile(schema));
        }
    }
}
