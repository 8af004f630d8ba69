package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.archiver.state.BrokenEntryException;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.keys.Providers;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.testkit.log.LogFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CheckWindowTest {
    private final LogFixture log = new LogFixture("terraseal.local/window");
    private final SignatureChecker checker = new SignatureChecker(Providers.fast());
    private final List<Runnable> tasks = new ArrayList<>();
    private final CheckWindow window = new CheckWindow(checker, tasks::add);

    private List<AttestationRecord> records(int count) {
        while (log.size() < count) {
            log.apply("acme/" + log.size() % 3, log.size(), log.size() + 1);
        }
        return ListedEntries.of(log).subList(0, count);
    }

    @Test
    void entriesLeaveInOrderHoweverTheirChecksEnd() {
        long seed = System.nanoTime();
        List<AttestationRecord> records = records(30);
        records.forEach(record -> window.add(record, KeyRing.of(log.log())));
        Random random = new Random(seed);
        List<AttestationRecord> out = new ArrayList<>();
        while (!tasks.isEmpty()) {
            tasks.remove(random.nextInt(tasks.size())).run();
            for (CheckWindow.Finished next = window.takeFinished(); next != null; next = window.takeFinished()) {
                out.add(next.record());
            }
        }
        assertThat(out).as("seed %d", seed).containsExactlyElementsOf(records);
        assertThat(window.isEmpty()).isTrue();
    }

    @Test
    void aFullWindowHasNoRoomUntilItsFirstEntryLeaves() {
        AttestationRecord record = records(1).get(0);
        KeyRing keys = KeyRing.of(log.log());
        int added = 0;
        while (window.hasRoom()) {
            window.add(record, keys);
            added++;
        }
        assertThat(added).isEqualTo(window.size()).isLessThanOrEqualTo(4_096);
        tasks.get(1).run();
        assertThat(window.takeFinished()).isNull();
        assertThat(window.hasRoom()).isFalse();
        tasks.get(0).run();
        assertThat(window.takeFinished()).isNotNull();
        assertThat(window.hasRoom()).isTrue();
    }

    @Test
    void whatIsNoStatementIsSaidWhenItIsTakenAndNotBefore() {
        AttestationRecord good = records(1).get(0);
        window.add(
                new AttestationRecord(
                        good.log(),
                        good.sequence(),
                        good.stream(),
                        good.predicateType(),
                        good.entryHash(),
                        Bytes.utf8("{}"),
                        good.signatures(),
                        null),
                KeyRing.of(log.log()));
        tasks.remove(0).run();
        CheckWindow.Finished finished = window.takeFinished();
        assertThat(finished).isNotNull();
        assertThatThrownBy(() -> finished.check().statement(0))
                .isInstanceOf(BrokenEntryException.class)
                .hasMessageContaining("is no statement");
    }
}
