package dev.terraseal.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicationTest {
    @TempDir
    private Path temp;

    @Test
    void aFileThatCameWhileTheBundleWasMadeStays() throws Exception {
        Path packed = Files.writeString(temp.resolve(".packed"), "bundle");
        Path out = Files.writeString(temp.resolve("out.zip"), "somebody else's");

        assertThatThrownBy(() -> Publication.file(packed, out))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("exists and is not overwritten");
        assertThat(out).hasContent("somebody else's");

        Path free = temp.resolve("free.zip");
        Publication.file(packed, free);
        assertThat(free).hasContent("bundle");
    }

    @Test
    void aDirectoryThatCameWhileTheBundleWasMadeStays() throws Exception {
        Path written = Files.createDirectories(temp.resolve(".written/proofs")).getParent();
        Files.writeString(written.resolve("proofs/range"), "x");
        Path out = Files.createDirectory(temp.resolve("out"));

        assertThatThrownBy(() -> Publication.directory(written, out)).isInstanceOf(ExportException.class);
        Publication.directory(written, temp.resolve("free"));
        assertThat(temp.resolve("free/proofs/range")).hasContent("x");
        assertThat(out).isEmptyDirectory();
    }
}
