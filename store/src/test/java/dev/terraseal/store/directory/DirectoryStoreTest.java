package dev.terraseal.store.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.ArchiveStoreContract;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Validity;
import dev.terraseal.store.Version;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest extends ArchiveStoreContract {
    @TempDir
    private Path directory;

    @Override
    protected ArchiveStore store() throws StoreException {
        return DirectoryStore.open(directory.resolve("archive"));
    }

    @Test
    void aKeptFileIsReadOnlyAndLeavesNoTemporaryOne() throws Exception {
        try (ArchiveStore store = store()) {
            store.keep("keys/a.pem", bytes("x"), UNTIL, Validity.any());
            store.keep("keys/a.pem", bytes("y"), UNTIL, Validity.any());
            store.replace("checkpoint", bytes("z"));
        }
        Path archive = directory.resolve("archive");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive.resolve("keys/a.pem"))))
                .isEqualTo("r--r--r--");
        try (Stream<Path> left = Files.list(archive.resolve(".tmp"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aFileThatDoesNotBelongThereStopsTheWriterAndIsNamed() throws Exception {
        ArchiveStore store = store();
        Path planted = directory.resolve("archive/segments/a");
        Files.createDirectories(planted.getParent());
        Files.writeString(planted, "planted");
        assertThatThrownBy(() -> store.keep("segments/a", bytes("x"), UNTIL, Validity.equalTo(bytes("x"))))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining(planted.toString())
                .hasMessageContaining("move it away");
    }

    /** Whoever owns the disk can put anything there; neither memory nor patience is to end by it. */
    @Test
    void whatIsNoFileOfThatNameIsNeverReadWhole() throws Exception {
        ArchiveStore store = store();
        Path archive = directory.resolve("archive");
        Files.createDirectories(archive.resolve("segments"));
        for (String name : List.of("segments/a", "checkpoint")) {
            try (RandomAccessFile sparse =
                    new RandomAccessFile(archive.resolve(name).toFile(), "rw")) {
                sparse.setLength(3L << 30);
            }
        }
        assertThat(store.read("segments/a", Validity.any())).isEmpty();
        assertThat(store.versions("segments/a"))
                .first()
                .extracting(Version::length)
                .isEqualTo(3L << 30);
        assertThat(store.readNewest("checkpoint").orElseThrow().length())
                .isEqualTo((int) ArchiveNames.most("checkpoint") + 1);

        Files.createDirectory(archive.resolve("segments/b"));
        for (ThrowingCallable asked : List.<ThrowingCallable>of(
                () -> store.read("segments/b", Validity.any()),
                () -> store.versions("segments/b"),
                () -> store.keep("segments/b", bytes("x"), UNTIL, Validity.any()))) {
            assertThatThrownBy(asked)
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.retryable()).isFalse())
                    .hasMessageContaining(archive.resolve("segments/b") + " is no regular file");
        }
        Bytes tooLong = Bytes.wrap(new byte[(int) ArchiveNames.most("keys/a") + 1]);
        assertThatThrownBy(() -> store.keep("keys/a", tooLong, UNTIL, Validity.any()))
                .hasMessageContaining("keys/a would have");
    }

    /** Whoever made a file or a directory may have died before it was durable, and another goes on from what it sees. */
    @Test
    void whatIsThereAlreadyIsMadeDurableBeforeAnybodyReliesOnIt() throws Exception {
        Path archive = directory.resolve("new/archive");
        List<Path> synced = new ArrayList<>();
        ArchiveStore store = DirectoryStore.open(archive, remembering(synced));
        assertThat(synced).contains(directory, directory.resolve("new"), archive);

        synced.clear();
        Files.createDirectories(archive.resolve("attachments/sha256"));
        Files.writeString(archive.resolve("attachments/sha256/a"), "x");
        store.hold("attachments/sha256/a", "file", UNTIL);
        assertThat(synced)
                .contains(
                        archive.resolve("attachments/sha256/a"),
                        archive.resolve("attachments/sha256"),
                        archive.resolve("attachments"),
                        archive);
        assertThatThrownBy(() -> store.hold("attachments/sha256/b", "file", UNTIL))
                .isInstanceOf(StoreException.class);

        synced.clear();
        store.keep("attachments/sha256/b", bytes("x"), UNTIL, Validity.any());
        assertThat(synced).as("known directories").doesNotContain(archive, archive.resolve("attachments"));

        synced.clear();
        DirectoryStore.open(archive, remembering(synced));
        assertThat(synced).as("made by a process that may be dead").contains(directory.resolve("new"), archive);
    }

    private static DurableFiles.Sync remembering(List<Path> synced) {
        return path -> {
            DurableFiles.Sync.force(path);
            synced.add(path);
        };
    }

    @Test
    void whoComesSecondReliesOnNothingThatTheFirstDidNotFinish() throws Exception {
        Path archive = directory.resolve("archive");
        Path kept = archive.resolve("segments/a");
        List<Path> synced = new ArrayList<>();
        DurableFiles files = DurableFiles.in(archive, path -> {
            synced.add(path);
            // Between looking and linking: our content is being made durable.
            if (path.getParent().equals(archive.resolve(".tmp"))) {
                Files.writeString(kept, "theirs");
                synced.clear();
            }
        });
        assertThat(files.create(kept, bytes("ours"))).isFalse();
        assertThat(synced).contains(kept.getParent());
    }

    @Test
    void emptyDirectoriesOfPartialTilesGoWithTheLastOne() throws Exception {
        ArchiveStore store = store();
        store.replace("tile/0/000.p/3", bytes("x"));
        store.replace("tile/0/000.p/4", bytes("x"));
        store.discard("tile/0/000.p/3");
        assertThat(directory.resolve("archive/tile/0/000.p")).isDirectory();
        store.discard("tile/0/000.p/4");
        assertThat(directory.resolve("archive/tile/0/000.p")).doesNotExist();
    }

    @Test
    void hiddenFilesAreNoPartOfTheArchive() throws Exception {
        ArchiveStore store = store();
        store.keep("segments/a", bytes("x"), UNTIL, Validity.any());
        Files.writeString(directory.resolve("archive/segments/.nfs0001"), "x");
        Files.writeString(directory.resolve("archive/.tmp/unfinished"), "x");
        assertThat(store.names("", "", 10)).containsExactly("segments/a");
    }

    @Test
    void whatACrashLeftBehindYesterdayIsRemovedAndWhatIsNewIsNot() throws IOException {
        store().close();
        Path temporary = directory.resolve("archive/.tmp");
        Files.setLastModifiedTime(
                Files.writeString(temporary.resolve("old"), "x"),
                FileTime.from(Instant.now().minusSeconds(200_000)));
        Files.writeString(temporary.resolve("new"), "x");
        store().close();
        assertThat(temporary.resolve("old")).doesNotExist();
        assertThat(temporary.resolve("new")).exists();
    }

    @Test
    void readingMakesNoDirectory() {
        assertThatThrownBy(() -> DirectoryStore.openForReading(directory.resolve("none")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no archive directory");
        assertThat(directory.resolve("none")).doesNotExist();
    }

    @Test
    void aDirectoryPromisesNoImmutability() throws Exception {
        assertThat(store().immutability()).isEqualTo("none");
    }
}
