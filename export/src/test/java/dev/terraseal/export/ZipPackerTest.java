package dev.terraseal.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipPackerTest {
    @TempDir
    private Path temp;

    @Test
    void moreFilesThanAZipHoldsStayADirectory() throws IOException {
        for (int i = 0; i < 65_534; i++) {
            Files.createFile(temp.resolve(Integer.toString(i)));
        }
        assertThat(ZipPacker.whyNot(temp)).isNull();
        Files.createFile(temp.resolve("one-more"));
        assertThat(ZipPacker.whyNot(temp)).contains("65535 files are more than the 65534 a zip holds");
    }

    @Test
    void moreBytesThanAZipHoldsStayADirectory() throws IOException {
        Path sparse = temp.resolve("sparse");
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            long overhead = 22 + 76 + 2L * "sparse".length();
            file.setLength(0xFFFF_FFFEL - overhead);
            assertThat(ZipPacker.whyNot(temp)).isNull();
            file.setLength(0xFFFF_FFFEL - overhead + 1);
            assertThat(ZipPacker.whyNot(temp)).contains("bytes are more than a zip holds");
        }
    }
}
