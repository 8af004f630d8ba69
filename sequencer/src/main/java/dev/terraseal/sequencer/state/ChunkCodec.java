package dev.terraseal.sequencer.state;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.index.Fingerprint;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bytes of a {@link Chunk} in the store and its changelog. Private to this module: version byte 1, then big-endian
 * numbers in the order of the record's members, counts before lists. The store can always be made again from the log, so
 * another version is not migrated but rebuilt.
 */
public final class ChunkCodec {
    private static final byte VERSION = 1;
    private static final int FINGERPRINT_BYTES = 24;

    private ChunkCodec() {}

    /** The store key: keys sort as sequences do. */
    public static byte[] key(long first) {
        return ByteBuffer.allocate(Long.BYTES).putLong(first).array();
    }

    /** The bytes of {@code chunk}. */
    public static byte[] encode(Chunk chunk) {
        ByteBuffer out = ByteBuffer.allocate(size(chunk));
        out.put(VERSION).putLong(chunk.first()).putLong(chunk.nextSource());
        out.put(chunk.newest().toByteArray());
        out.put(chunk.topics().events().toByteArray());
        out.put(chunk.topics().sequenced().toByteArray());
        out.putInt(chunk.fingerprints().size());
        for (Fingerprint each : chunk.fingerprints()) {
            out.putLong(each.keyHigh()).putLong(each.keyLow()).putLong(each.content());
        }
        out.putInt(chunk.heads().size());
        chunk.heads().forEach((stream, head) -> {
            byte[] name = stream.value().getBytes(StandardCharsets.US_ASCII);
            out.putShort((short) name.length).put(name);
            out.putLong(head.count()).putLong(head.newest().value());
            out.put(head.entryHash().toByteArray());
        });
        out.putInt(chunk.keyChanges().size());
        for (Chunk.KeyChange change : chunk.keyChanges()) {
            out.putLong(change.sequence()).putInt(change.body().length());
            out.put(change.body().toByteArray());
        }
        return out.array();
    }

    private static int size(Chunk chunk) {
        int bytes = 1 + 2 * Long.BYTES + Digest.LENGTH + 2 * TopicIds.BYTES + 3 * Integer.BYTES;
        bytes += chunk.fingerprints().size() * FINGERPRINT_BYTES;
        for (StreamId stream : chunk.heads().keySet()) {
            bytes += Short.BYTES + stream.value().length() + 2 * Long.BYTES + Digest.LENGTH;
        }
        for (Chunk.KeyChange change : chunk.keyChanges()) {
            bytes += Long.BYTES + Integer.BYTES + change.body().length();
        }
        return bytes;
    }

    /** Whether this version of the program wrote it, and can read it. */
    public static boolean isOfThisVersion(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == VERSION;
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalStateException if the bytes are not a chunk of this version; the message says how to go on
     */
    public static Chunk decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            byte version = in.get();
            if (version != VERSION) {
                throw unreadable("version " + version + " is not " + VERSION, null);
            }
            long first = in.getLong();
            long nextSource = in.getLong();
            Digest newest = digest(in);
            TopicIds topics = new TopicIds(bytes(in, TopicIds.BYTES), bytes(in, TopicIds.BYTES));
            Chunk chunk = new Chunk(first, nextSource, newest, topics, fingerprints(in), heads(in), keyChanges(in));
            if (in.hasRemaining()) {
                throw unreadable(in.remaining() + " bytes are left over", null);
            }
            return chunk;
        } catch (BufferUnderflowException | IllegalArgumentException broken) {
            throw unreadable(String.valueOf(broken.getMessage()), broken);
        }
    }

    private static List<Fingerprint> fingerprints(ByteBuffer in) {
        int count = count(in, FINGERPRINT_BYTES);
        List<Fingerprint> out = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            out.add(new Fingerprint(in.getLong(), in.getLong(), in.getLong()));
        }
        return out;
    }

    private static Map<StreamId, StreamHead> heads(ByteBuffer in) {
        int count = count(in, Short.BYTES + 2 * Long.BYTES + Digest.LENGTH);
        Map<StreamId, StreamHead> out = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            byte[] name = new byte[Short.toUnsignedInt(in.getShort())];
            in.get(name);
            out.put(
                    new StreamId(new String(name, StandardCharsets.US_ASCII)),
                    new StreamHead(in.getLong(), new SequenceNumber(in.getLong()), digest(in)));
        }
        return out;
    }

    private static List<Chunk.KeyChange> keyChanges(ByteBuffer in) {
        int count = count(in, Long.BYTES + Integer.BYTES);
        List<Chunk.KeyChange> out = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            out.add(new Chunk.KeyChange(in.getLong(), bytes(in, count(in, 1))));
        }
        return out;
    }

    private static int count(ByteBuffer in, int leastBytesEach) {
        int count = in.getInt();
        if (count < 0 || (long) count * leastBytesEach > in.remaining()) {
            throw new IllegalArgumentException("a count of " + count + " does not fit the bytes that follow");
        }
        return count;
    }

    private static Digest digest(ByteBuffer in) {
        return Digest.fromBytes(bytes(in, Digest.LENGTH));
    }

    private static Bytes bytes(ByteBuffer in, int length) {
        byte[] out = new byte[length];
        in.get(out);
        return Bytes.wrap(out);
    }

    private static IllegalStateException unreadable(String why, @org.jspecify.annotations.Nullable Throwable cause) {
        return new IllegalStateException(
                "a chunk of the sequencer's state store cannot be read (" + why
                        + "): stop the sequencer, delete its state directory and its changelog topic, and start it again; it is rebuilt from terraseal.sequenced",
                cause);
    }
}
