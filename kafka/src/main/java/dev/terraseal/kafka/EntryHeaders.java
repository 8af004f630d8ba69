package dev.terraseal.kafka;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The headers of every record on the topics of statements and of attestations (FORMATS section 11), so that a place can be
 * found and a link be checked without decoding a value.
 *
 * @param source offset of the event on {@code events}; below 0 for an entry taken up from an archive
 */
public record EntryHeaders(SequenceNumber sequence, long source, Digest entryHash) {
    public static final String SEQUENCE = "seq";
    public static final String SOURCE = "src";
    public static final String ENTRY_HASH = "eh";

    /** On the topic of statements only: where the newest key event below the entry is; absent while there is none. */
    public static final String KEY_EVENT = "ke";

    /**
     * The source of an entry that is taken up from an archive of {@code size} entries, whose event is on no topic any more.
     * The last one's is -1, so that the first event of the new topic comes next; an end further below says how many are
     * still missing.
     */
    public static long sourceOfTakenUp(SequenceNumber sequence, long size) {
        return sequence.value() - size;
    }

    public void addTo(Headers headers) {
        headers.add(SEQUENCE, bytes(sequence.value()));
        headers.add(SOURCE, bytes(source));
        headers.add(ENTRY_HASH, entryHash.toByteArray());
    }

    /** Throws {@link ForeignRecordException} if one is missing or of another length: nothing of ours writes that. */
    public static EntryHeaders of(ConsumerRecord<byte[], byte[]> record) {
        byte[] hash = value(record.headers(), ENTRY_HASH);
        if (hash == null || hash.length != Digest.LENGTH) {
            throw new ForeignRecordException(record, ENTRY_HASH + " of 32 bytes");
        }
        SequenceNumber sequence = sequence(record);
        byte[] source = value(record.headers(), SOURCE);
        if (source == null || source.length != Long.BYTES) {
            throw new ForeignRecordException(record, SOURCE + " of 8 bytes");
        }
        return new EntryHeaders(sequence, number(source), Digest.copyOf(hash));
    }

    public static SequenceNumber sequence(ConsumerRecord<byte[], byte[]> record) {
        byte[] found = value(record.headers(), SEQUENCE);
        if (found == null || !isNumber(found)) {
            throw new ForeignRecordException(record, SEQUENCE + " of 8 bytes");
        }
        return new SequenceNumber(number(found));
    }

    /** Whether the record has a sequence, and so may be an entry; whoever reads it as one still asks {@link #of}. */
    public static boolean numbered(ConsumerRecord<byte[], byte[]> record) {
        return isNumber(value(record.headers(), SEQUENCE));
    }

    /** The source offset, also of records that have no sequence ({@code rejected}, {@code outcomes}). */
    public static OptionalLong source(ConsumerRecord<byte[], byte[]> record) {
        byte[] found = value(record.headers(), SOURCE);
        return found == null || found.length != Long.BYTES ? OptionalLong.empty() : OptionalLong.of(number(found));
    }

    /**
     * Names the newest key event below an entry, so that whoever takes up its work finds them all without reading the
     * topic through. It only says where to look: a key event is believed for what it carries.
     */
    public static void addKeyEvent(Headers headers, SequenceNumber sequence) {
        headers.add(KEY_EVENT, bytes(sequence.value()));
    }

    /** The newest key event below the entry; empty if there is none. */
    public static Optional<SequenceNumber> keyEvent(ConsumerRecord<byte[], byte[]> record) {
        byte[] found = value(record.headers(), KEY_EVENT);
        if (found == null) {
            return Optional.empty();
        }
        if (!isNumber(found)) {
            throw new ForeignRecordException(record, KEY_EVENT + " of 8 bytes");
        }
        return Optional.of(new SequenceNumber(number(found)));
    }

    public static void addSource(Headers headers, long source) {
        headers.add(SOURCE, bytes(source));
    }

    private static boolean isNumber(byte @Nullable [] found) {
        return found != null && found.length == Long.BYTES && found[0] >= 0;
    }

    private static byte @Nullable [] value(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? null : header.value();
    }

    private static long number(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getLong();
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
