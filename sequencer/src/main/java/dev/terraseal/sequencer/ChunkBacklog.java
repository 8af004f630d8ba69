package dev.terraseal.sequencer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.sequencer.state.Chunk;
import dev.terraseal.sequencer.state.ChunkCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a store that is made again, until they are written with the events that come. They wait on disk: a log of
 * some million entries has more of them than fit into memory beside the index. Nothing of it outlives the process; whoever
 * starts next makes them again from the log.
 */
final class ChunkBacklog implements AutoCloseable {
    private static final int HEAD_BYTES = Long.BYTES + Integer.BYTES;

    private final Supplier<Path> directory;
    private @Nullable FileChannel file;
    private long readAt;

    /** A chunk as the store takes it. */
    record Stored(long first, Bytes bytes) {
        static Stored of(Chunk chunk) {
            return new Stored(chunk.first(), Bytes.wrap(ChunkCodec.encode(chunk)));
        }
    }

    /** @param directory of the task, asked for with the first chunk: a store that is whole needs none */
    ChunkBacklog(Supplier<Path> directory) {
        this.directory = directory;
    }

    /** Takes every chunk out of {@code full}. */
    void take(Queue<Chunk> full) {
        for (Chunk chunk = full.poll(); chunk != null; chunk = full.poll()) {
            byte[] bytes = ChunkCodec.encode(chunk);
            ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + bytes.length);
            out.putLong(chunk.first()).putInt(bytes.length).put(bytes).flip();
            try {
                FileChannel to = open();
                long at = to.size();
                while (out.hasRemaining()) {
                    at += to.write(out, at);
                }
            } catch (IOException diskIsFull) {
                throw failed("written", diskIsFull);
            }
        }
    }

    /** The next one, oldest first, or null. */
    @Nullable Stored poll() {
        FileChannel from = file;
        if (from == null) {
            return null;
        }
        try {
            if (readAt == from.size()) {
                close();
                return null;
            }
            ByteBuffer head = read(from, HEAD_BYTES);
            return new Stored(
                    head.getLong(), Bytes.wrap(read(from, head.getInt()).array()));
        } catch (IOException broken) {
            throw failed("read", broken);
        }
    }

    private ByteBuffer read(FileChannel from, int bytes) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(bytes);
        while (in.hasRemaining()) {
            int read = from.read(in, readAt);
            if (read < 0) {
                throw new IOException("the file ends within a chunk");
            }
            readAt += read;
        }
        return in.flip();
    }

    private FileChannel open() throws IOException {
        FileChannel open = file;
        if (open == null) {
            open = FileChannel.open(
                    Files.createTempFile(directory.get(), "chunks-to-write", null),
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
            file = open;
            readAt = 0;
        }
        return open;
    }

    private UncheckedIOException failed(String what, IOException cause) {
        return new UncheckedIOException(
                "the state store that is made again cannot be " + what + " in " + directory.get()
                        + ": make room there, and start again",
                cause);
    }

    @Override
    public void close() {
        FileChannel open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException broken) {
                throw failed("closed", broken);
            }
        }
    }
}
