package dev.terraseal.embedded.registry;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.schemas.registry.Compatibility;
import dev.terraseal.schemas.registry.RegisteredSchema;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    private static final String SCHEMA = "\"string\"";

    private final Catalogue catalogue = new Catalogue();

    private void add(String subject, int version, int id, String schema) {
        catalogue.apply(new RegistryEntry.Version(new RegisteredSchema(subject, version, id, schema)));
    }

    private void refused(String subject, String schema, String why) {
        assertThatThrownBy(() -> catalogue.requireRoomFor(subject, schema))
                .isInstanceOf(RegistryError.class)
                .hasMessageContaining(why);
    }

    @Test
    void subjectsHaveALimitAndThoseThatAreThereGoOn() {
        for (int i = 0; i < Catalogue.SUBJECTS_MAX; i++) {
            add("s" + i, 1, 1, SCHEMA);
        }
        refused("another", SCHEMA, "2000 subjects");
        assertThatCode(() -> catalogue.requireRoomFor("s7", SCHEMA)).doesNotThrowAnyException();
    }

    @Test
    void levelsOfSubjectsHaveTheSameLimit() {
        for (int i = 0; i < Catalogue.SUBJECTS_MAX; i++) {
            catalogue.apply(new RegistryEntry.Level("s" + i, Compatibility.FULL));
        }
        assertThatThrownBy(() -> catalogue.requireRoomFor("another")).isInstanceOf(RegistryError.class);
        assertThatCode(() -> catalogue.requireRoomFor("s7")).doesNotThrowAnyException();
    }

    @Test
    void versionsAndTheirTextHaveALimit() {
        for (int i = 0; i < Catalogue.VERSIONS_MAX; i++) {
            add("s", i + 1, 1, SCHEMA);
        }
        refused("s", SCHEMA, "10000 versions");
    }

    @Test
    void oneSchemaDoesNotTakeAllTheRoom() {
        refused("s", "x".repeat((int) Catalogue.TEXT_MAX + 1), "MiB of schemas");
        refused("s".repeat(Catalogue.SUBJECT_LENGTH_MAX + 1), SCHEMA, "characters");
    }
}
