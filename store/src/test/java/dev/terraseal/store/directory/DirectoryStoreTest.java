package dev.terraseal.store.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.ArchiveStoreContract;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Validity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.stream.Stream;
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
