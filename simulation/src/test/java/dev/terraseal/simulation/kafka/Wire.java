package dev.terraseal.simulation.kafka;

import dev.terraseal.core.bytes.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;

/** Records taken apart byte by byte, as docs/formats.md section 11 has them. */
public final class Wire {
    private static final int FRAME = 5;
    private static final int HASH = 32;
    private final byte[] bytes;
    private int at = FRAME;

    private Wire(byte[] bytes) {
        this.bytes = bytes;
    }

    private long number() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes[at++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
    }

    private Bytes sized() {
        int length = (int) number();
        at += length;
        return Bytes.wrap(Arrays.copyOfRange(bytes, at - length, at));
    }

    /** The statement of a record of {@code terraseal.sequenced}. */
    public static Bytes sequenced(Rec rec) {
        Wire in = new Wire(rec.value());
        in.number();
        in.sized();
        in.at += HASH;
        return in.sized();
    }

    /** The statement of a record of {@code terraseal.attestations}. */
    public static Bytes attested(Rec rec) {
        Wire in = new Wire(rec.value());
        in.sized();
        in.number();
        in.sized();
        in.sized();
        in.at += HASH;
        return in.sized();
    }

    /**
     * A record of {@code terraseal.outcomes}; null for what it does not say.
     *
     * @param sequence of the entry it names, −1 if it names none
     */
    public record Outcome(
            long source,
            String stream,
            String id,
            boolean duplicate,
            long sequence,
            String reason,
            Bytes content,
            Bytes original) {}

    public static Outcome outcome(Rec rec) {
        Wire in = new Wire(rec.value());
        long source = in.number();
        String stream = in.text();
        String id = in.text();
        boolean duplicate = in.number() == 0;
        long sequence = in.number() == 0 ? -1 : in.number();
        String reason = in.text();
        in.text();
        return new Outcome(source, stream, id, duplicate, sequence, reason, in.digest(), in.digest());
    }

    private String text() {
        return number() == 0 ? null : sized().utf8();
    }

    private Bytes digest() {
        if (number() == 0) {
            return null;
        }
        at += HASH;
        return Bytes.wrap(Arrays.copyOfRange(bytes, at - HASH, at));
    }

    /** A header of eight bytes; −1 if it is not there. */
    public static long number(Rec rec, String header) {
        for (Header each : rec.headers()) {
            if (each.key().equals(header)) {
                return ByteBuffer.wrap(each.value()).getLong();
            }
        }
        return -1;
    }
}
