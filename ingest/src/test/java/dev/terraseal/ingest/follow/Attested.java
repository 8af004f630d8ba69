package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.testkit.log.LogFixture;

/** Entries of a fixture as they go by on the topic. */
public final class Attested {
    private Attested() {}

    public static AttestationRecord entry(LogFixture log, int index) {
        return with(log, index, log.entries().get(index).statement());
    }

    /** One of which three, and not four, are kept in memory. */
    public static AttestationRecord large(LogFixture log, int index) {
        return with(log, index, Bytes.wrap(new byte[(int) (LogTail.BYTES_MAX / 4)]));
    }

    private static AttestationRecord with(LogFixture log, int index, Bytes bytes) {
        Statement statement = Statement.parse(log.entries().get(index).statement());
        return new AttestationRecord(
                statement.link().log(),
                statement.sequence(),
                statement.stream(),
                statement.type(),
                statement.entryHash(),
                bytes,
                log.entries().get(index).signatures(),
                null);
    }
}
