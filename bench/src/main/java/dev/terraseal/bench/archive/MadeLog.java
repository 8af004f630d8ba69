package dev.terraseal.bench.archive;

import dev.terraseal.bench.verify.BenchKeys;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.chain.Appended;
import dev.terraseal.core.chain.Chain;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.keys.local.SoftSigner;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.schemas.DecodedEvent;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.SchemaSource;
import dev.terraseal.schemas.sample.SampleEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** A log of sample applies in 256 streams, each entry signed by itself, as the signer leaves it on the topic. */
record MadeLog(LogDeclaration log, BenchKeys keys, List<AttestationRecord> entries) {
    private static final int STREAMS = 256;
    private static final int SCHEMA = 1;

    MadeLog {
        entries = List.copyOf(entries);
    }

    static MadeLog of(int count) {
        BenchKeys keys = BenchKeys.fresh();
        LogDeclaration log = declaration(keys);
        List<Statement> statements = statements(log, count);
        AttestationRecord[] entries = new AttestationRecord[count];
        IntStream.range(0, count).parallel().forEach(i -> entries[i] = signed(log, statements.get(i), keys.attest()));
        return new MadeLog(log, keys, List.of(entries));
    }

    private static LogDeclaration declaration(BenchKeys keys) {
        return LogDeclaration.of(new LogDeclaration.Fields(
                new LogOrigin("terraseal.local/bench"),
                Digest.of(keys.attest().key().spki()).bytes(),
                new Timestamp(0),
                keys.declared(),
                1,
                List.of(keys.authority().key().keyid()),
                512 * 1024,
                64,
                Duration.ofMinutes(10),
                // What is locked in a bucket stays until then.
                Duration.ofDays(1),
                null));
    }

    private static List<Statement> statements(LogDeclaration log, int count) {
        Chain chain = new Chain();
        SampleEvents samples = new SampleEvents(new Random(20261122), STREAMS);
        EventDecoder decoder = new EventDecoder(SCHEMA, SchemaSource.none());
        Map<StreamId, StreamHead> streams = new HashMap<>();
        LogHead head = LogHead.birth(log.origin(), log.genesis());
        List<Statement> statements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            DecodedEvent decoded = decoder.decodeOwn(samples.next().avro().toByteArray());
            if (!(decoded instanceof DecodedEvent.Decoded right)) {
                throw new IllegalStateException("a sample event is no event: " + decoded);
            }
            Event event = right.event();
            Appended appended = chain.append(head, streams.get(event.stream()), event, new Timestamp(i));
            head = appended.log();
            streams.put(event.stream(), appended.stream());
            statements.add(Statement.parse(appended.statement()));
        }
        return statements;
    }

    private static AttestationRecord signed(LogDeclaration log, Statement statement, SoftSigner attest) {
        return new AttestationRecord(
                log.origin(),
                statement.sequence(),
                statement.stream(),
                statement.type(),
                statement.entryHash(),
                statement.bytes(),
                List.of(new DsseSignature(
                        attest.key().keyid(), attest.sign(Dsse.pae(Dsse.STATEMENT, statement.bytes())))),
                null);
    }
}
