package dev.terraseal.witness.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.index.Fingerprint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("journal");
    }

    private static List<Journal.Line> lines(int first, int end) {
        List<Journal.Line> lines = new ArrayList<>();
        for (int i = first; i < end; i++) {
            lines.add(new Journal.Line(
                    Digest.of(Bytes.utf8("entry " + i)),
                    new Fingerprint(i, -i, i),
                    new StreamId("acme/" + "s".repeat(i % 7 + 1))));
        }
        return lines;
    }

    private static List<Journal.Line> read(Journal journal, long first, long count) throws IOException {
        List<Journal.Line> lines = new ArrayList<>();
        journal.each(first, count, lines::add);
        return lines;
    }

    /** Takes ten bytes, then has no room once. */
    private static final class FullOnce implements Journal.Disk {
        private final Journal.Disk real;
        private int calls;

        FullOnce(Journal.Disk real) {
            this.real = real;
        }

        @Override
        public int write(ByteBuffer bytes, long at) throws IOException {
            calls++;
            if (calls == 1) {
                int written = real.write(bytes.slice(bytes.position(), 10), at);
                bytes.position(bytes.position() + written);
                return written;
            }
            if (calls == 2) {
                throw new IOException("No space left on device");
            }
            return real.write(bytes, at);
        }
    }

    @Test
    void whatAFullDiskTookHalfOfIsWrittenOver() throws Exception {
        try (Journal journal = Journal.open(file(), 0, line -> {}, FullOnce::new)) {
            assertThatThrownBy(() -> journal.append(lines(0, 3)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot be remembered in " + file())
                    .hasMessageContaining("No space left");
            journal.append(lines(0, 2));
            journal.append(lines(2, 5));
            journal.force();
            assertThat(read(journal, 0, 5)).isEqualTo(lines(0, 5));
        }
        List<Journal.Line> again = new ArrayList<>();
        Journal.open(file(), 5, again::add).close();
        assertThat(again).isEqualTo(lines(0, 5));
    }

    @Test
    void anyPartIsReadAlsoAfterItWasOpenedAgain() throws Exception {
        try (Journal journal = Journal.open(file(), 0, line -> {})) {
            journal.append(lines(0, 700));
        }
        try (Journal journal = Journal.open(file(), 600, line -> {})) {
            journal.append(lines(600, 1_000));
            for (int first : new int[] {0, 1, 255, 256, 257, 511, 512, 600, 999}) {
                int count = Math.min(300, 1_000 - first);
                assertThat(read(journal, first, count)).isEqualTo(lines(first, first + count));
            }
        }
    }
}
