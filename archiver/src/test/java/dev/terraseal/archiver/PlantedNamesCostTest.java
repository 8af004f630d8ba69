package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.archiver.recovery.ArchivedKeys;
import dev.terraseal.archiver.recovery.Recovery;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.LogFixture;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names far above the log cost whoever reads the keys, or takes the archive up, a few calls each and no walk over the log. */
class PlantedNamesCostTest {
    private static final int SIZE = 400;
    private static final int PLANTS = 20;
    private static final int EACH = 8;
    private static final long FAR = 1L << 50;

    @TempDir
    private Path directory;

    private final SignatureChecker checker = new SignatureChecker(Providers.fast());
    private final AtomicInteger calls = new AtomicInteger();
    private LogFixture log = new LogFixture("terraseal.local/far");

    private interface Reading {
        Object of(ArchiveReader store) throws Exception;
    }

    private int calls(Reading reading) throws Exception {
        calls.set(0);
        try (DirectoryStore store = DirectoryStore.openForReading(directory)) {
            assertThat(reading.of(counting(store))).isNotNull();
        }
        return calls.get();
    }

    private ArchivedKeys.Found keys(ArchiveReader store) throws Exception {
        ArchivedKeys.Found found = new ArchivedKeys(store, log.log(), checker).read();
        assertThat(found.history().events()).hasSize(2);
        return found;
    }

    private long takeUp(ArchiveReader store) throws Exception {
        long size =
                new Recovery(log.log(), store, checker).takeUp().checkpoint().size();
        assertThat(size).isEqualTo(SIZE);
        return size;
    }

    private void put(String name, byte[] content) throws Exception {
        Files.write(directory.resolve(name), content);
    }

    @Test
    void aFewCallsEach() throws Exception {
        log.apply("a", 1, 2).rotateAttestKey().heads().rotateLogKey();
        while (log.size() < SIZE - 5) {
            log.apply("acme/" + log.size() % 7, log.size(), log.size() + 1);
            if (log.size() % 20 == 0) {
                log.heads();
            }
        }
        log.heads();
        while (log.size() < SIZE) {
            log.apply("acme/" + log.size() % 7, log.size(), log.size() + 1);
        }
        FixtureArchive.write(log, directory, 1);
        int keys = calls(this::keys);
        int takeUp = calls(this::takeUp);
        assertThat(keys).as("calls for the keys, where nothing is planted").isLessThan(60);
        assertThat(takeUp).as("calls of a start, where nothing is planted").isLessThan(120);

        for (int i = 0; i < PLANTS; i++) {
            put(
                    ArchiveNames.heads(new SequenceNumber(FAR + i)),
                    log.headsFile(2).toByteArray());
        }
        assertThat(calls(this::keys)).isLessThan(keys + EACH * PLANTS);
        assertThat(calls(this::takeUp)).isLessThan(takeUp + EACH * PLANTS);

        for (int i = 0; i < PLANTS; i++) {
            SequenceNumber at = new SequenceNumber(FAR + i);
            put(
                    ArchiveNames.segment(at),
                    HostileBucket.movedHeads(log, 2, FAR + i).toByteArray());
        }
        assertThat(calls(this::keys)).isLessThan(keys + 2 * EACH * PLANTS);
        assertThat(calls(this::takeUp)).isLessThan(takeUp + 2 * EACH * PLANTS);
    }

    private ArchiveReader counting(ArchiveReader store) {
        return (ArchiveReader) Proxy.newProxyInstance(
                ArchiveReader.class.getClassLoader(),
                new Class<?>[] {ArchiveReader.class},
                (proxy, method, arguments) -> {
                    calls.incrementAndGet();
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
