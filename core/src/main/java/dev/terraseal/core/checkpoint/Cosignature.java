package dev.terraseal.core.checkpoint;

import dev.terraseal.core.bytes.Bytes;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * What a cosigner adds to a checkpoint (C2SP tlog-cosignature): "at this time the largest consistent tree I had seen under
 * this origin had this root". It says nothing about entries or extension lines.
 */
public record Cosignature(long unixSeconds, Bytes signature) {
    private static final String ED25519_HEADER = "cosignature/v1\n";
    private static final Bytes TREE_LABEL = Bytes.utf8("subtree/v1\n\0");
    private static final int MAX_NAME = 255;

    /** The last second of the year 9999: no cosigner has seen a later one, and few programs can write it. */
    private static final long SECONDS_MAX = 253_402_300_799L;

    public Cosignature {
        if (unixSeconds < 0) {
            throw new IllegalArgumentException("a cosignature has a time from 1970 on, not " + unixSeconds);
        }
    }

    /** @throws NoteException if the line does not hold a time and a signature */
    public static Cosignature parse(SignatureLine line) throws NoteException {
        Bytes field = line.signature();
        if (field.length() <= Long.BYTES) {
            throw new NoteException("the cosignature of " + line.name() + " holds no signature after its time");
        }
        long time = field.asReadOnlyBuffer().getLong(0);
        if (time < 0 || time > SECONDS_MAX) {
            throw new NoteException("the cosignature of " + line.name() + " has a time out of range");
        }
        return new Cosignature(time, field.slice(Long.BYTES, field.length()));
    }

    public Instant seenAt() {
        return Instant.ofEpochSecond(unixSeconds);
    }

    /** The signature field of a line: eight bytes of time, then the signature. */
    Bytes field() {
        return Bytes.concat(big(unixSeconds), signature);
    }

    /** What an Ed25519 cosigner signs (type 0x04). */
    static Bytes message(long unixSeconds, String noteText) {
        return Bytes.utf8(ED25519_HEADER + "time " + unixSeconds + "\n" + noteText);
    }

    /** What an ML-DSA-44 cosigner signs (type 0x06) for a whole tree: the range 0 to size. */
    static Bytes treeMessage(String name, long unixSeconds, TreeHead head) throws NoteException {
        return Bytes.concat(
                TREE_LABEL,
                prefixed(name),
                big(unixSeconds),
                prefixed(head.origin()),
                big(0),
                big(head.size()),
                head.root().bytes());
    }

    private static Bytes prefixed(String text) throws NoteException {
        Bytes bytes = Bytes.utf8(text);
        if (bytes.length() > MAX_NAME) {
            throw new NoteException("a tree cosignature covers names of at most 255 bytes, not " + bytes.length());
        }
        return Bytes.concat(Bytes.wrap(new byte[] {(byte) bytes.length()}), bytes);
    }

    private static Bytes big(long number) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }
}
