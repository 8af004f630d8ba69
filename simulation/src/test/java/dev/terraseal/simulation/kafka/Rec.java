package dev.terraseal.simulation.kafka;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.simulation.NaiveStatement;
import org.apache.kafka.common.header.Header;

/** A record on a partition, or the marker that ends a transaction there. Null {@code span}: outside of transactions. */
public final class Rec {
    private final long offset;
    private final long timestamp;
    private final byte[] key;
    private final byte[] value;
    private final Header[] headers;
    private final Span span;
    private final boolean marker;
    /** Taken apart once, for all who look at it. */
    private Bytes statement;

    private NaiveStatement read;

    Rec(long offset, long timestamp, byte[] key, byte[] value, Header[] headers, Span span, boolean marker) {
        this.offset = offset;
        this.timestamp = timestamp;
        this.key = key;
        this.value = value;
        this.headers = headers;
        this.span = span;
        this.marker = marker;
    }

    /** The same record of a copy of its partition. */
    Rec in(Span other) {
        Rec same = new Rec(offset, timestamp, key, value, headers, other, marker);
        same.statement = statement;
        same.read = read;
        return same;
    }

    public long offset() {
        return offset;
    }

    public long timestamp() {
        return timestamp;
    }

    public byte[] key() {
        return key;
    }

    public byte[] value() {
        return value;
    }

    public Header[] headers() {
        return headers;
    }

    public Span span() {
        return span;
    }

    public boolean marker() {
        return marker;
    }

    /** The statement of a record of {@code terraseal.sequenced}. */
    public Bytes sequenced() {
        statement = statement == null ? Wire.sequenced(this) : statement;
        return statement;
    }

    /** The statement of a record of {@code terraseal.attestations}. */
    public Bytes attested() {
        statement = statement == null ? Wire.attested(this) : statement;
        return statement;
    }

    /** What the statement of a record of {@code terraseal.sequenced} says. */
    public NaiveStatement entry() {
        read = read == null ? NaiveStatement.read(sequenced()) : read;
        return read;
    }

    /** What the statement of a record of {@code terraseal.attestations} says. */
    public NaiveStatement attestation() {
        read = read == null ? NaiveStatement.read(attested()) : read;
        return read;
    }
}
