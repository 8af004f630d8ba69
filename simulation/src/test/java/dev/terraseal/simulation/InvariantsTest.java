package dev.terraseal.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.kafka.Topics;
import dev.terraseal.simulation.invariants.Invariants;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

/** That invariants find what no planted bug of a stage does. */
class InvariantsTest {
    private static final byte[] TOKEN = EventPool.TOKEN.getBytes(StandardCharsets.UTF_8);
    private static final byte[] OTHER = {1};

    private static Invariant invariant(String name) {
        return Invariants.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Site site(Temper temper) {
        return new Site(temper, Defect.NONE, new EventPool(), null);
    }

    private static void assertSecretFound(Consumer<Site> leak, String where) {
        Site site = site(Temper.quiet());
        Invariant secret = invariant("9 nothing secret");
        secret.check(site.evidence());
        leak.accept(site);
        assertThatThrownBy(() -> secret.check(site.evidence()))
                .isInstanceOf(Violation.class)
                .hasMessageContaining(where);
    }

    @Test
    void aTokenIsFoundInKeysValuesHeadersNamesContentsAndLines() {
        assertSecretFound(site -> site.broker().write(Topics.EVENTS, TOKEN, OTHER), "the key of terraseal.events");
        assertSecretFound(site -> site.broker().write(Topics.OUTCOMES, null, TOKEN), "the value of terraseal.outcomes");
        assertSecretFound(
                site -> site.broker().write(Topics.EVENTS, null, OTHER, new RecordHeader("from", TOKEN)),
                "a header of terraseal.events");
        assertSecretFound(
                site -> site.broker().write(Topics.EVENTS, null, OTHER, new RecordHeader(EventPool.TOKEN, null)),
                "the name of a header");
        assertSecretFound(
                site -> site.objects().add("batches/" + EventPool.TOKEN, Bytes.utf8("x"), true),
                "the name of an object");
        assertSecretFound(site -> site.objects().add("x", Bytes.wrap(TOKEN), true), "the archive's x");
        assertSecretFound(site -> site.evidence().lines().add("INFO " + EventPool.TOKEN), "a token was logged");
    }

    @Test
    void aForeignEntryThatNobodyStopsAtIsFound() {
        Site site = site(foreign());
        Invariant stops = invariant("5 stops at a fork");
        assertThatCode(() -> stops.checkDamaged(site.evidence()))
                .as("before there is one")
                .doesNotThrowAnyException();
        site.broker().write(Topics.SEQUENCED, null, OTHER);
        site.evidence().stops().add("ARCHIVER ArchiverStoppedException: something else");
        assertThatThrownBy(() -> stops.checkDamaged(site.evidence()))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("neither sequencer nor signer stopped");
        site.evidence().stops().add("SIGNER RefusedEntryException: terraseal.sequenced offset #");
        assertThatCode(() -> stops.checkDamaged(site.evidence())).doesNotThrowAnyException();
    }

    private static Temper foreign() {
        for (long seed = 0; ; seed++) {
            if (Temper.of(seed).damage() == Damage.FOREIGN) {
                return Temper.of(seed);
            }
        }
    }

    @Test
    void aCheckpointOverEntriesOfABatchThatIsNotThereIsFound() {
        Evidence evidence = withBatches();
        assertThatCode(() -> invariant("6 no checkpoint ahead of data").check(evidence))
                .doesNotThrowAnyException();
        assertThat(evidence.objects().all().keySet().removeIf(name -> name.startsWith("batches/")))
                .isTrue();
        assertThatThrownBy(() -> invariant("6 no checkpoint ahead of data").check(evidence))
                .isInstanceOf(Violation.class)
                .hasMessageMatching(".*checkpoints/\\d+ without batches/\\d{20}\\.json, which entry \\d+ names");
    }

    private static Evidence withBatches() {
        for (long seed = 1; seed < 100; seed++) {
            Temper temper = Temper.of(seed);
            if (temper.damage() == Damage.NONE && !temper.aged()) {
                World world = new World(temper, Defect.NONE, new EventPool(), List.of(), null);
                world.run();
                if (world.evidence().archive().batches().stream().anyMatch(first -> first != null)) {
                    return world.evidence();
                }
            }
        }
        throw new AssertionError("no signer of a hundred seeds signed in batches");
    }
}
