package dev.terraseal.witness.monitor;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.index.Fingerprint;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a monitor keeps of each entry it has read, in order: entry hash, fingerprint of its id, stream. It is trusted only
 * as far as it leads to a root that the log signed, so whoever opens it compares that.
 */
final class Journal implements Closeable {
    /** One entry: 32 bytes of hash, 24 of fingerprint, and the stream behind its length. */
    record Line(Digest entryHash, Fingerprint id, StreamId stream) {
        void writeTo(DataOutputStream out) throws IOException {
            out.write(entryHash.toByteArray());
            out.writeLong(id.keyHigh());
            out.writeLong(id.keyLow());
            out.writeLong(id.content());
            byte[] name = stream.value().getBytes(StandardCharsets.UTF_8);
            out.writeShort(name.length);
            out.write(name);
        }

        static Line readFrom(DataInputStream in) throws IOException {
            byte[] hash = in.readNBytes(Digest.LENGTH);
            if (hash.length < Digest.LENGTH) {
                throw new EOFException("the journal ends before what was committed");
            }
            Fingerprint id = new Fingerprint(in.readLong(), in.readLong(), in.readLong());
            byte[] name = in.readNBytes(in.readUnsignedShort());
            return new Line(Digest.copyOf(hash), id, new StreamId(new String(name, StandardCharsets.UTF_8)));
        }

        private int length() {
            return Digest.LENGTH + 3 * Long.BYTES + Short.BYTES + stream.value().length();
        }
    }

    /** Who is given each line. */
    interface Reader {
        void read(Line line) throws IOException;
    }

    /** What takes the bytes: part of them, or none where the disk is full. */
    interface Disk {
        int write(ByteBuffer bytes, long at) throws IOException;
    }

    /** So many lines lie between two places that are remembered. */
    private static final int STRIDE = 256;

    private final Path file;
    private final FileChannel channel;
    private final Disk disk;
    private final List<Long> places = new ArrayList<>();
    private long count;
    private long end;

    private Journal(Path file, FileChannel channel, Disk disk) {
        this.file = file;
        this.channel = channel;
        this.disk = disk;
    }

    /** Opens it, gives {@code reader} the first {@code count} lines, and forgets what was written after them. */
    static Journal open(Path file, long count, Reader reader) throws IOException {
        return open(file, count, reader, disk -> disk);
    }

    static Journal open(Path file, long count, Reader reader, UnaryOperator<Disk> between) throws IOException {
        Path directory = file.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            Journal journal = new Journal(file, channel, between.apply(channel::write));
            journal.read(0, count, line -> {
                journal.passed(line);
                reader.read(line);
            });
            channel.truncate(journal.end);
            return journal;
        } catch (IOException | RuntimeException broken) {
            channel.close();
            throw broken;
        }
    }

    private void passed(Line line) {
        if (count % STRIDE == 0) {
            places.add(end);
        }
        count++;
        end += line.length();
    }

    /** Reads {@code count} lines from line {@code first} on, all of which were appended. */
    void each(long first, long count, Reader reader) throws IOException {
        long before = first % STRIDE;
        long[] passed = {0};
        read(places.get((int) (first / STRIDE)), before + count, line -> {
            if (passed[0]++ >= before) {
                reader.read(line);
            }
        });
    }

    private void read(long place, long count, Reader reader) throws IOException {
        try (FileChannel reading = FileChannel.open(file, StandardOpenOption.READ)) {
            reading.position(place);
            DataInputStream in =
                    new DataInputStream(new BufferedInputStream(Channels.newInputStream(reading), 1 << 15));
            for (long i = 0; i < count; i++) {
                reader.read(Line.readFrom(in));
            }
        }
    }

    /** All of them or none: what a full disk took of them lies behind the end, and the next lines are written over it. */
    void append(List<Line> lines) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (Line line : lines) {
            line.writeTo(out);
        }
        ByteBuffer left = ByteBuffer.wrap(bytes.toByteArray());
        try {
            while (left.hasRemaining()) {
                disk.write(left, end + left.position());
            }
        } catch (IOException full) {
            throw new IOException("what was read cannot be remembered in " + file + ": " + full.getMessage(), full);
        }
        lines.forEach(this::passed);
    }

    /** On disk when it returns. */
    void force() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
