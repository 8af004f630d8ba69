package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.keys.Providers;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchivedEntry;
import dev.terraseal.store.Segment;
import dev.terraseal.store.Stored;
import dev.terraseal.testkit.log.LogFixture;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where attest keys of two kinds are in force, no entry is archived without a signature of each, whoever takes one away. */
class BothSignaturesTest {
    /** The entry that brings the second key: itself and those before carry one signature. */
    private static final int ADDED = 3;

    private final LogFixture log = new LogFixture("terraseal.local/both")
            .apply("a", 1, 2)
            .apply("a", 2, 3)
            .heads()
            .addSecondKey(KeyUse.ATTEST)
            .apply("b", 1, 2)
            .apply("b", 2, 3)
            .heads();
    private HostileBucket bucket;
    private ArchiverFixture fixture;

    @BeforeEach
    void begin() throws Exception {
        bucket = new HostileBucket();
        fixture = new ArchiverFixture(log).born(bucket.store);
    }

    @AfterEach
    void close() throws Exception {
        bucket.close();
    }

    private static AttestationRecord withFirstSignature(AttestationRecord record) {
        return new AttestationRecord(
                record.log(),
                record.sequence(),
                record.stream(),
                record.predicateType(),
                record.entryHash(),
                record.statement(),
                record.signatures().subList(0, 1),
                null);
    }

    @Test
    void fromTheTopicItIsNotTakenAndWhatIsBeforeItIsArchived() throws Exception {
        fixture.stream.set(ADDED + 2, withFirstSignature(fixture.stream.get(ADDED + 2)));
        assertThatThrownBy(() -> fixture.archive(bucket.store))
                .isInstanceOf(ArchiverStoppedException.class)
                .hasMessageContainingAll("entry " + (ADDED + 2), "lacks the signature of attest key", "ML_DSA");
        assertThat(fixture.progress.checkpointSize()).isEqualTo(ADDED + 2);
    }

    @Test
    void aSegmentInTheNextPlaceWithoutItIsNotAdopted() throws Exception {
        for (int from : List.of(0, 4)) {
            Segment there = HostileBucket.cut(log, from, Math.min(from + 4, log.size()));
            Segment planted = from < ADDED + 1 ? there : HostileBucket.withoutSecondSignature(there);
            bucket.plant(planted.name(), planted.bytes());
        }
        fixture.archive(bucket.store);
        assertThat(fixture.progress.checkpointSize()).isEqualTo(log.size());
        ArchiveReplay all =
                ArchiveReplay.ofAll(log.log(), bucket.store, new SignatureChecker(Providers.fast()), Runnable::run);
        while (!all.next().isEmpty()) {
            assertThat(all.state().keys()).isNotNull();
        }
        assertThat(all.state().head().size())
                .as("of the archive read through by whoever asks for both")
                .isEqualTo(log.size());
        // Entries from before the second key are whole with one signature, also after it came.
        Stored first = bucket.store
                .read(ArchiveNames.segment(SequenceNumber.ZERO), any -> true)
                .orElseThrow();
        assertThat(Segment.parse(SequenceNumber.ZERO, first.content()).entries())
                .extracting(ArchivedEntry::signatures)
                .allSatisfy(each -> assertThat(each).hasSize(1));
    }

    @Test
    void aBatchEnvelopeWithoutItIsPassedOver() throws Exception {
        log.batch("many", 5);
        fixture = new ArchiverFixture(log);
        Envelope whole = log.batches().get(ADDED + 4L);
        Envelope planted = new Envelope(
                whole.payloadType(), whole.payload(), whole.signatures().subList(0, 1));
        bucket.plant(ArchiveNames.batch(new SequenceNumber(ADDED + 4)), planted.bytes());
        assertThatThrownBy(() -> fixture.archive(bucket.store))
                .isInstanceOf(ArchiverStoppedException.class)
                .hasMessageContainingAll("batch " + (ADDED + 4), "not in the archive");
        fixture.batchesKept(bucket.store);
        assertThatThrownBy(() -> fixture.archive(bucket.store)).isInstanceOf(ArchiverStoppedException.class);
        bucket.plant(ArchiveNames.batch(new SequenceNumber(ADDED + 4)), whole.bytes());
        fixture.archive(bucket.store);
        assertThat(fixture.progress.checkpointSize()).isEqualTo(log.size());
    }
}
