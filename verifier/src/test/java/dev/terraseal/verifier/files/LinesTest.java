package dev.terraseal.verifier.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesTest {
    private static final int BUFFER = 1 << 16;

    private static byte[] line(int length, long seed) {
        byte[] bytes = new byte[length + 1];
        new Random(seed).nextBytes(bytes);
        for (int i = 0; i < length; i++) {
            bytes[i] = bytes[i] == '\n' ? 0 : bytes[i];
        }
        bytes[length] = '\n';
        return bytes;
    }

    private static byte[] joined(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    @Test
    void linesOfEveryLengthComeAsTheyAre() throws IOException {
        for (int around : new int[] {0, 1, 2, BUFFER, 2 * BUFFER, 3 * BUFFER, 5 * BUFFER}) {
            for (int length = Math.max(0, around - 2); length <= around + 2; length++) {
                byte[] first = line(length, 1);
                byte[] second = line(length, 2);
                try (Lines lines = new Lines(new ByteArrayInputStream(joined(first, second)), "f", length)) {
                    assertThat(lines.next().toByteArray()).isEqualTo(Arrays.copyOf(first, length));
                    assertThat(lines.next().toByteArray()).isEqualTo(Arrays.copyOf(second, length));
                    assertThat(lines.next()).isNull();
                    assertThat(lines.number()).isEqualTo(2);
                }
            }
        }
    }

    @Test
    void aLineOfOneByteMoreThanAllowedOrWithoutAnEndIsRefused() throws IOException {
        for (int limit : new int[] {0, 7, BUFFER, 2 * BUFFER + 5}) {
            try (Lines lines = new Lines(new ByteArrayInputStream(line(limit + 1, 3)), "f", limit)) {
                assertThatExceptionOfType(MalformedException.class)
                        .isThrownBy(lines::next)
                        .withMessageContaining("is longer than " + limit);
            }
        }
        byte[] endless = Arrays.copyOf(line(2 * BUFFER, 4), 2 * BUFFER);
        try (Lines lines = new Lines(new ByteArrayInputStream(endless), "f", 3 * BUFFER)) {
            assertThatExceptionOfType(MalformedException.class)
                    .isThrownBy(lines::next)
                    .withMessageContaining("no end");
        }
    }

    /** Whoever made a bundle chooses how long its lines are: copying must not grow faster than they do. */
    @Test
    void aLongLineTakesAFewTimesItsOwnMemory() throws IOException {
        byte[] content = line(256 * BUFFER, 5);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Lines lines = new Lines(new ByteArrayInputStream(content), "f", content.length)) {
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            lines.next();
            long taken = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            assertThat(taken).isLessThan(5L * content.length);
        }
    }
}
