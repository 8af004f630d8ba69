package dev.terraseal.bench.sequencer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.statement.Event;
import dev.terraseal.keys.local.SoftSigner;
import dev.terraseal.schemas.DecodedEvent;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.EventRecord;
import dev.terraseal.schemas.IdentitySeal;
import dev.terraseal.schemas.SchemaSource;
import dev.terraseal.schemas.VerifiedIdentity;
import dev.terraseal.schemas.sample.SampleEvents;
import java.util.Map;
import java.util.Random;

/** A stream of record values: terraform applies with a claimed identity in 256 streams, some of them sent again. */
public final class BenchEvents {
    static final int STREAMS = 256;
    public static final int SCHEMA = 1;
    private static final int REMEMBERED = 5_000;

    /** What is offered. */
    public enum Kind {
        /** Avro, claimed identity. */
        CLAIMED,
        /** Avro, and an ingest key's signature to verify. */
        VERIFIED,
        /** Canonical parts, see {@link RawEvents}. */
        RAW
    }

    private final Kind kind;
    private final double duplicates;
    private final Random random;
    private final SampleEvents sample;
    private final SoftSigner ingest;
    private final Digest genesis;
    private final EventDecoder decoder = new EventDecoder(SCHEMA, SchemaSource.none());
    private final byte[][] remembered = new byte[REMEMBERED][];
    private int distinct;

    public BenchEvents(Kind kind, double duplicates, long seed, SoftSigner ingest, Digest genesis) {
        this.kind = kind;
        this.duplicates = duplicates;
        this.random = new Random(seed);
        this.sample = kind == Kind.RAW
                ? SampleEvents.brief(new Random(seed + 1), STREAMS)
                : new SampleEvents(new Random(seed + 1), STREAMS);
        this.ingest = ingest;
        this.genesis = genesis;
    }

    /** The next event as the sequencer sees it. */
    public Event nextEvent() {
        return event(sample.next());
    }

    public byte[] next() {
        if (distinct > 0 && random.nextDouble() < duplicates) {
            return remembered[random.nextInt(Math.min(distinct, REMEMBERED))];
        }
        byte[] made = make(sample.next());
        remembered[distinct++ % REMEMBERED] = made;
        return made;
    }

    private byte[] make(EventRecord record) {
        return switch (kind) {
            case CLAIMED -> record.encode(SCHEMA);
            case VERIFIED -> verified(record).encode(SCHEMA);
            case RAW -> RawEvents.encode(event(record));
        };
    }

    private Event event(EventRecord record) {
        DecodedEvent decoded = decoder.decodeOwn(record.avro().toByteArray());
        if (decoded instanceof DecodedEvent.Decoded right) {
            return right.event();
        }
        throw new IllegalStateException("a sample event is no event: " + decoded);
    }

    private EventRecord verified(EventRecord record) {
        VerifiedIdentity identity = new VerifiedIdentity(
                "https://token.actions.example",
                "repo:acme/infra:ref:main",
                Map.of("job", "apply"),
                "oidc",
                null,
                null);
        Bytes signed = Dsse.pae(
                Dsse.IDENTITY,
                Json.obj()
                        .put("contentSha256", event(record).contentDigest())
                        .put("genesis", genesis)
                        .put("verified", identity.json())
                        .build()
                        .bytes());
        return record.withVerified(identity, new IdentitySeal(ingest.key().keyid(), ingest.sign(signed)));
    }
}
