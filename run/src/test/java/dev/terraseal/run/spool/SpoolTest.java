package dev.terraseal.run.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.run.server.Events;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final StreamId STREAM = new StreamId("acme/infra");
    private static final Bytes UNKNOWN = Events.apply("acme/infra", "run-1", "unknown");
    private static final Bytes FINAL = Events.apply("acme/infra", "run-1", "succeeded");
    private static final EventId ID = new EventId("run-1");

    private final List<String> notices = new java.util.concurrent.CopyOnWriteArrayList<>();

    @TempDir
    Path directory;

    private Spool spool() throws Exception {
        return Spool.open(directory.resolve("spool"), notices::add);
    }

    @Test
    void aRunThatEndsLeavesItsEventInTheQueueAndNothingElse() throws Exception {
        Spool spool = spool();
        Intent intent = spool.begin(ID);
        Files.writeString(intent.scratch().resolve("tfplan"), "secret");
        intent.applying(STREAM, UNKNOWN);
        intent.finish(STREAM, FINAL);
        intent.discard();
        assertThat(spool.queued()).extracting(SpooledEvent::bytes).containsExactly(FINAL);
        assertThat(spool.intents()).isEmpty();
        assertThat(intent.scratch()).doesNotExist();
        assertThat(spool.adoptOrphans()).isEmpty();
    }

    @Test
    void aRunKilledWhilePlanningLeavesNothingToRecord() throws Exception {
        Spool spool = spool();
        Intent intent = spool.begin(ID);
        Files.writeString(intent.scratch().resolve("tfplan"), "secret");
        intent.close();
        assertThat(spool.adoptOrphans()).containsExactly(new Orphan(ID, false));
        assertThat(spool.queued()).isEmpty();
        assertThat(intent.scratch()).doesNotExist();
        assertThat(spool.intents()).isEmpty();
    }

    @Test
    void aRunKilledWhileApplyingBecomesUnknown() throws Exception {
        Spool spool = spool();
        Intent intent = spool.begin(ID);
        intent.applying(STREAM, UNKNOWN);
        intent.close();
        assertThat(spool.adoptOrphans()).containsExactly(new Orphan(ID, true));
        assertThat(spool.queued()).extracting(SpooledEvent::bytes).containsExactly(UNKNOWN);
        assertThat(spool.adoptOrphans()).isEmpty();
    }

    @Test
    void aRunKilledBetweenItsFinalEventAndTheQueueKeepsTheFinalEvent() throws Exception {
        Spool spool = spool();
        Intent intent = spool.begin(ID);
        intent.applying(STREAM, UNKNOWN);
        intent.finished(STREAM, FINAL);
        intent.close();
        spool.adoptOrphans();
        assertThat(spool.queued()).extracting(SpooledEvent::bytes).containsExactly(FINAL);
    }

    @Test
    void aRunKilledAfterTheQueueIsNotQueuedTwice() throws Exception {
        Spool spool = spool();
        Intent intent = spool.begin(ID);
        intent.applying(STREAM, FINAL);
        spool.enqueue(STREAM, ID, FINAL);
        intent.close();
        spool.adoptOrphans();
        assertThat(spool.queued()).hasSize(1);
    }

    @Test
    void aRunInProgressIsNoOrphan() throws Exception {
        Spool spool = spool();
        Intent intent = spool.begin(ID);
        intent.applying(STREAM, UNKNOWN);
        assertThat(spool.adoptOrphans()).isEmpty();
        assertThat(spool().adoptOrphans()).isEmpty();
        intent.discard();
    }

    @Test
    void twoRunsWithOneIdAreRefused() throws Exception {
        Spool spool = spool();
        try (Intent intent = spool.begin(ID)) {
            assertThat(intent.scratch()).exists();
            assertThatThrownBy(() -> spool.begin(ID)).hasMessageContaining("--id");
            intent.discard();
        }
    }

    @Test
    void theQueueKeepsItsOrderWhenFilesGo() throws Exception {
        Spool spool = spool();
        for (int i = 0; i < 12; i++) {
            spool.enqueue(STREAM, new EventId("run-" + i), Events.apply("acme/infra", "run-" + i, "failed"));
        }
        spool.sent(spool.queued().get(0));
        spool.enqueue(STREAM, new EventId("last"), Events.apply("acme/infra", "last", "failed"));
        List<String> ids =
                spool.queued().stream().map(event -> event.id().value()).toList();
        assertThat(ids).hasSize(12).startsWith("run-1", "run-2").endsWith("run-11", "last");
    }

    @Test
    void manyRunsShareOneSpool() throws Exception {
        Spool spool = spool();
        List<Thread> threads = new java.util.ArrayList<>();
        List<Throwable> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
        for (int t = 0; t < 8; t++) {
            int number = t;
            Thread thread = new Thread(() -> {
                try {
                    for (int i = 0; i < 5; i++) {
                        String id = "run-" + number + "-" + i;
                        Intent intent =
                                Spool.open(spool.directory(), notices::add).begin(new EventId(id));
                        intent.applying(STREAM, Events.apply("acme/infra", id, "unknown"));
                        intent.finish(STREAM, Events.apply("acme/infra", id, "succeeded"));
                        intent.discard();
                    }
                } catch (Exception failed) {
                    failures.add(failed);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(spool.queued()).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void onlyTheUserCanReadIt() throws Exception {
        Spool spool = spool();
        spool.enqueue(STREAM, ID, FINAL);
        Path file = spool.queued().get(0).file();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(spool.directory())))
                .isEqualTo("rwx------");
    }

    @Test
    void aFileInTheQueueThatNobodyCanReadStopsNoOther() throws Exception {
        Spool spool = spool();
        spool.enqueue(STREAM, ID, FINAL);
        Path queue = spool.directory().resolve("queue");
        Files.writeString(queue.resolve("00000000000000000001.json"), "{");
        Files.writeString(queue.resolve("x.json"), "{\"event\":\"e30=\",\"id\":\"a\",\"stream\":\"b\"}");
        assertThat(spool.queued()).extracting(SpooledEvent::bytes).containsExactly(FINAL);
        assertThat(notices).hasSize(2).allMatch(notice -> notice.contains("is kept as "));
        try (var kept = Files.list(spool.directory().resolve("evidence"))) {
            assertThat(kept.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("unreadable-00000000000000000001.json", "unreadable-x.json");
        }
        assertThat(spool.enqueue(STREAM, new EventId("run-2"), UNKNOWN).file()).exists();
        assertThat(spool.queued()).hasSize(2);
    }

    /** Its name is taken all the same: what comes next must not replace it. */
    @Test
    void aFileThatCannotEvenBeOpenedIsPassedOver() throws Exception {
        Spool spool = spool();
        Path closed = spool.directory().resolve("queue/00000000000000000007.json");
        Files.createDirectory(closed);
        spool.enqueue(STREAM, ID, FINAL);
        assertThat(spool.queued())
                .extracting(event -> event.file().getFileName().toString())
                .containsExactly("00000000000000000008.json");
        assertThat(closed).isDirectory();
        assertThat(notices).hasSize(1).allMatch(notice -> notice.contains("stays where it is"));
    }

    @Test
    void anIntentThatNobodyCanReadStopsNoRun() throws Exception {
        Spool spool = spool();
        Path intents = spool.directory().resolve("intents");
        Files.writeString(intents.resolve("a-run.json"), "{");
        Files.writeString(intents.resolve("no id.json"), "{}");
        Files.createDirectory(intents.resolve("b-run.json"));
        Intent intent = spool.begin(ID);
        intent.applying(STREAM, UNKNOWN);
        intent.close();
        assertThat(spool.intents()).contains(ID);
        assertThat(spool.adoptOrphans()).containsExactly(new Orphan(ID, true));
        assertThat(spool.queued()).extracting(SpooledEvent::bytes).containsExactly(UNKNOWN);
        assertThat(spool.directory().resolve("evidence/unreadable-a-run.json")).exists();
        assertThat(spool.directory().resolve("evidence/unreadable-no id.json")).exists();
        assertThat(notices).hasSize(3);
    }

    @Test
    void attachmentsAreKeptByDigest() throws Exception {
        Spool spool = spool();
        Digest digest = spool.attach(Bytes.utf8("list"));
        assertThat(spool.attach(Bytes.utf8("list"))).isEqualTo(digest);
        assertThat(spool.attachment(digest)).contains(Bytes.utf8("list"));
        spool.attachmentSent(digest);
        assertThat(spool.attachment(digest)).isEmpty();
    }

    @Test
    void anIntentCannotMakeUsRemoveAForeignDirectory() throws Exception {
        Path foreign = Files.createDirectory(directory.resolve("work"));
        Files.writeString(foreign.resolve("file"), "mine");
        Scratch.remove(foreign);
        assertThat(foreign.resolve("file")).exists();
    }

    @Test
    void itsPlaceFollowsTheEnvironment() {
        Path home = Path.of("/home/u");
        assertThat(Spool.defaultDirectory(Map.of(), home)).isEqualTo(Path.of("/home/u/.local/state/terraseal/spool"));
        assertThat(Spool.defaultDirectory(Map.of("XDG_STATE_HOME", "/s"), home))
                .isEqualTo(Path.of("/s/terraseal/spool"));
        assertThat(Spool.defaultDirectory(Map.of("TERRASEAL_SPOOL", "/t"), home))
                .isEqualTo(Path.of("/t"));
    }
}
