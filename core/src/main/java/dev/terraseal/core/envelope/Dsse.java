package dev.terraseal.core.envelope;

import dev.terraseal.core.bytes.Bytes;

/** The pre-authentication encoding of DSSE v1.0.2 and the payload types this product signs. */
public final class Dsse {
    /** An in-toto Statement. */
    public static final String STATEMENT = "application/vnd.in-toto+json";
    /** A batch of entries. Not a Statement, so that no submitted statement can be taken for one. */
    public static final String BATCH = "application/vnd.terraseal.batch.v1+json";
    /** An authorised key change. */
    public static final String KEY_EVENT = "application/vnd.terraseal.key-event.v1+json";
    /** A verified identity. */
    public static final String IDENTITY = "application/vnd.terraseal.identity.v1+json";

    private Dsse() {}

    /** {@code "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body}: what a DSSE signature is over. */
    public static Bytes pae(String payloadType, Bytes payload) {
        Bytes type = Bytes.utf8(payloadType);
        return Bytes.concat(
                Bytes.utf8("DSSEv1 " + type.length() + " "), type, Bytes.utf8(" " + payload.length() + " "), payload);
    }
}
