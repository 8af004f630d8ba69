package dev.terraseal.run.terraform;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;

/**
 * Follows the output of a running terraform through a file that has no name any more.
 *
 * <p>A pipe would tie terraform's life to ours: when this process is killed, terraform's next line would meet a broken
 * pipe and end it in the middle of an apply. With a file it goes on to its end and saves its state. The name is removed
 * as soon as terraform has it open, because the stream can hold output values.
 */
public final class LogTail implements AutoCloseable {
    /** Takes one line without its newline. */
    public interface LineReader {
        void line(Bytes line) throws IOException;
    }

    private static final int POLL_MILLIS = 15;

    private final FileChannel channel;
    private final MessageDigest sha256 = Digest.sha256();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

    private LogTail(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens {@code log}, which {@code process} already writes to, and removes its name. */
    public static LogTail of(Path log) throws IOException {
        FileChannel channel = FileChannel.open(log, StandardOpenOption.READ);
        try {
            Files.delete(log);
        } catch (IOException stillNeeded) {
            channel.close();
            throw stillNeeded;
        }
        return new LogTail(channel);
    }

    /** Reads until {@code process} has ended and all it wrote was read. */
    public void follow(Process process, LineReader reader) throws IOException, InterruptedException {
        boolean ended = false;
        while (true) {
            boolean read = drain(reader);
            if (ended && !read) {
                break;
            }
            if (!ended && !read) {
                ended = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
        if (partial.size() > 0) {
            reader.line(Bytes.wrap(partial.toByteArray()));
            partial.reset();
        }
    }

    /** SHA-256 of all that was read. Ends the digest: call it once, after {@link #follow}. */
    public Digest digest() {
        return Digest.finish(sha256);
    }

    private boolean drain(LineReader reader) throws IOException {
        boolean any = false;
        while (true) {
            buffer.clear();
            int count = channel.read(buffer);
            if (count <= 0) {
                return any;
            }
            any = true;
            buffer.flip();
            sha256.update(buffer.array(), 0, count);
            int from = 0;
            for (int i = 0; i < count; i++) {
                if (buffer.array()[i] == '\n') {
                    partial.write(buffer.array(), from, i - from);
                    from = i + 1;
                    Bytes line = Bytes.wrap(partial.toByteArray());
                    partial.reset();
                    reader.line(line);
                }
            }
            partial.write(buffer.array(), from, count - from);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
