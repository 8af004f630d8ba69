package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.archiver.recovery.Recovery;
import dev.terraseal.archiver.recovery.TakenUp;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.LogFixture;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restart reads does not grow with the log: counted in objects, not in time. */
class RestartCostTest {
    private static final int SINCE_HEADS = 20;

    @TempDir
    private Path directory;

    @Test
    void aRestartReadsTheEntriesSinceTheLastHeadsEntryAndNotTheLog() throws Exception {
        int few = reads(60);
        int many = reads(600);
        assertThat(few).isBetween(SINCE_HEADS, 8 * SINCE_HEADS);
        assertThat(many).isBetween(SINCE_HEADS, 8 * SINCE_HEADS);
    }

    /** A segment an entry; key changes early on, which must be found all the same. */
    private int reads(int size) throws Exception {
        LogFixture log = new LogFixture("terraseal.local/restart");
        log.apply("a", 1, 2).rotateAttestKey().heads().rotateAttestKey().heads();
        while (log.size() < size - SINCE_HEADS) {
            log.apply("acme/" + log.size() % 7, log.size(), log.size() + 1);
        }
        log.heads();
        while (log.size() < size) {
            log.apply("acme/" + log.size() % 7, log.size(), log.size() + 1);
        }
        Path archive = directory.resolve("of-" + size);
        FixtureArchive.write(log, archive, 1);
        AtomicInteger reads = new AtomicInteger();
        SignatureChecker checker = new SignatureChecker(Providers.fast());
        TakenUp found =
                new Recovery(log.log(), counting(DirectoryStore.openForReading(archive), reads), checker).takeUp();
        assertThat(found.checkpoint().size()).isEqualTo(size);
        assertThat(found.state().keys().events()).isEqualTo(2);
        assertThat(found.state().head().newest())
                .isEqualTo(log.entries().get(size - 1).entryHash());
        return reads.get();
    }

    private static ArchiveReader counting(ArchiveReader store, AtomicInteger reads) {
        return (ArchiveReader) Proxy.newProxyInstance(
                ArchiveReader.class.getClassLoader(),
                new Class<?>[] {ArchiveReader.class},
                (proxy, method, arguments) -> {
                    if (method.getName().startsWith("read")) {
                        reads.incrementAndGet();
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
