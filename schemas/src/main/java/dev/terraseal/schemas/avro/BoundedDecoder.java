package dev.terraseal.schemas.avro;

import dev.terraseal.core.statement.RejectionReason;
import java.nio.ByteBuffer;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;

/**
 * An Avro decoder over {@link AvroInput}, so that Avro's resolver is bound by the record's own size. Items may take no
 * bytes in schemas that are not ours; there are never more of them in a record than it has bytes.
 */
public final class BoundedDecoder extends Decoder {
    private final AvroInput in;
    private long itemsLeft;

    public BoundedDecoder(AvroInput in) {
        this.in = in;
        this.itemsLeft = in.remaining();
    }

    @Override
    public void readNull() {
        // null takes no bytes
    }

    @Override
    public boolean readBoolean() {
        return in.readBoolean();
    }

    @Override
    public int readInt() {
        long value = in.readLong();
        if (value != (int) value) {
            throw new RefusedDataException(RejectionReason.MALFORMED_RECORD, "an int of more than 32 bits");
        }
        return (int) value;
    }

    @Override
    public long readLong() {
        return in.readLong();
    }

    @Override
    public float readFloat() {
        return Float.intBitsToFloat((int) littleEndian(Float.BYTES));
    }

    @Override
    public double readDouble() {
        return Double.longBitsToDouble(littleEndian(Double.BYTES));
    }

    private long littleEndian(int length) {
        int from = in.take(length);
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | in.data()[from + i] & 0xff;
        }
        return value;
    }

    /** Checked here, because Avro puts U+FFFD for what is malformed when it writes a map key again. */
    @Override
    public Utf8 readString(Utf8 old) {
        return new Utf8(in.readText());
    }

    @Override
    public String readString() {
        return in.readText();
    }

    @Override
    public void skipString() {
        skipBytes();
    }

    @Override
    public ByteBuffer readBytes(ByteBuffer old) {
        return ByteBuffer.wrap(in.readSized().toByteArray());
    }

    @Override
    public void skipBytes() {
        in.take(in.readLength());
    }

    @Override
    public void readFixed(byte[] target, int start, int length) {
        System.arraycopy(in.data(), in.take(length), target, start, length);
    }

    @Override
    public void skipFixed(int length) {
        in.take(length);
    }

    @Override
    public int readEnum() {
        return readInt();
    }

    @Override
    public long readArrayStart() {
        return block();
    }

    @Override
    public long arrayNext() {
        return block();
    }

    @Override
    public long skipArray() {
        return block();
    }

    @Override
    public long readMapStart() {
        return block();
    }

    @Override
    public long mapNext() {
        return block();
    }

    @Override
    public long skipMap() {
        return block();
    }

    @Override
    public int readIndex() {
        return readInt();
    }

    private int block() {
        int count = in.readBlock();
        itemsLeft -= count;
        if (itemsLeft < 0) {
            throw new RefusedDataException(RejectionReason.MALFORMED_RECORD, "more items than bytes");
        }
        return count;
    }
}
