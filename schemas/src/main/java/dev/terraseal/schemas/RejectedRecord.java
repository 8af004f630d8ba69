package dev.terraseal.schemas;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.Excerpt;
import dev.terraseal.core.statement.Rejection;
import dev.terraseal.schemas.avro.AvroInput;
import dev.terraseal.schemas.avro.AvroOutput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value of {@code terraseal.rejected}: the only copy of what is not in the log. It stays under 2 MiB whatever was sent,
 * because a record that cannot be written would stop an exactly-once transaction for good.
 *
 * @param sourceOffset of the record on {@code terraseal.events}
 * @param reason the code of the rejection
 * @param key the first 1,024 bytes of the record's key, or null where it had none
 * @param original the value, whole up to 512 KiB, the first 64 KiB of a larger one, or null where the record had none
 * @param originalLength of the whole value in bytes
 * @param originalSha256 of the whole value
 * @param headersLeftOut how many headers did not fit into 16 KiB
 */
public record RejectedRecord(
        long sourceOffset,
        String reason,
        String message,
        @Nullable Bytes key,
        @Nullable Bytes original,
        long originalLength,
        Digest originalSha256,
        List<RecordHeader> headers,
        long headersLeftOut) {

    public static final int ORIGINAL_MAX = 512 * 1024;
    public static final int ORIGINAL_PART = 64 * 1024;
    public static final int KEY_MAX = 1024;
    public static final int HEADERS_MAX = 16 * 1024;
    private static final int MESSAGE_MAX = 2000;

    public RejectedRecord {
        headers = List.copyOf(headers);
    }

    /** Keeps of a record what there is room for. */
    public static RejectedRecord of(
            Rejection rejection,
            long sourceOffset,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<RecordHeader> headers) {
        int length = value == null ? 0 : value.length;
        List<RecordHeader> kept = new ArrayList<>();
        int room = HEADERS_MAX;
        for (RecordHeader header : headers) {
            room -= header.bytes();
            if (room < 0) {
                break;
            }
            kept.add(header);
        }
        return new RejectedRecord(
                sourceOffset,
                rejection.reason().code(),
                shortened(rejection.message()),
                key == null ? null : Bytes.copyOf(key, 0, Math.min(key.length, KEY_MAX)),
                value == null ? null : Bytes.copyOf(value, 0, length <= ORIGINAL_MAX ? length : ORIGINAL_PART),
                length,
                value == null ? Digest.of() : Digest.of(value, 0, length),
                kept,
                headers.size() - kept.size());
    }

    /** True when {@link #original} is the whole value, so that it can be submitted again. */
    public boolean isWhole() {
        return original != null && original.length() == originalLength;
    }

    public byte[] encode(int schemaId) {
        AvroOutput out = AvroOutput.framed(schemaId, (original == null ? 0 : original.length()) + 512)
                .number(sourceOffset)
                .text(reason)
                .text(shortened(message));
        sized(out, key);
        sized(out, original);
        out.number(originalLength).fixed(originalSha256);
        if (!headers.isEmpty()) {
            out.number(headers.size());
            for (RecordHeader header : headers) {
                out.text(Excerpt.wellFormed(header.name()));
                sized(out, header.value());
            }
        }
        return out.number(0).number(headersLeftOut).toByteArray();
    }

    /** Reads what {@link #encode} writes; anything else is an {@link IllegalArgumentException} naming the position. */
    public static RejectedRecord decode(byte[] framed) {
        AvroInput in = AvroInput.framed(framed);
        RejectedRecord record = new RejectedRecord(
                in.readLong(),
                in.readText(),
                in.readText(),
                in.readPresent() ? in.readSized() : null,
                in.readPresent() ? in.readSized() : null,
                in.readLong(),
                in.readDigest(),
                headers(in),
                in.readLong());
        in.expectEnd();
        return record;
    }

    private static List<RecordHeader> headers(AvroInput in) {
        List<RecordHeader> headers = new ArrayList<>();
        for (int block = in.readBlock(); block > 0; block = in.readBlock()) {
            for (int i = 0; i < block; i++) {
                headers.add(new RecordHeader(in.readText(), in.readPresent() ? in.readSized() : null));
            }
        }
        return headers;
    }

    private static void sized(AvroOutput out, @Nullable Bytes value) {
        if (out.present(value) && value != null) {
            out.sized(value);
        }
    }

    /** Messages quote what was sent; nobody reads more than this of it. */
    static String shortened(String message) {
        return Excerpt.of(message, MESSAGE_MAX);
    }
}
