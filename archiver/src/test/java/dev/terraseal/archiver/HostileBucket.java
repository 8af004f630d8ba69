package dev.terraseal.archiver;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.ArchivedEntry;
import dev.terraseal.store.Segment;
import dev.terraseal.store.s3.Administrator;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.store.s3.S3Store;
import dev.terraseal.testkit.log.FixtureEntry;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.TestKey;
import dev.terraseal.testkit.s3.S3StandIn;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** A bucket, its archive, and somebody who may write there: under every name, also with a lock, and not over a lock. */
final class HostileBucket implements AutoCloseable {
    final S3StandIn service;
    final ArchiveStore store;
    final Administrator administrator;

    HostileBucket() throws Exception {
        service = S3StandIn.start(Clock.systemUTC());
        AwsCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("TESTKEY", "TESTSECRET"));
        S3Location location = new S3Location("hostile", "logs/", service.endpoint(), null, true);
        administrator = new Administrator(location, credentials);
        administrator.createBucket();
        store = S3Store.open(location, credentials);
    }

    /** Puts a version there that stays. */
    void plant(String name, Bytes content) {
        administrator.plantLocked(name, content, Instant.now().plus(Duration.ofDays(1)));
    }

    /** An entry as a segment holds it. */
    static ArchivedEntry line(FixtureEntry entry) {
        return entry.batch() < 0
                ? new ArchivedEntry(entry.statement(), entry.signatures(), null)
                : new ArchivedEntry(
                        entry.statement(),
                        List.of(),
                        new ArchivedEntry.InBatch(new SequenceNumber(entry.batch()), entry.path()));
    }

    /** True entries as somebody else cuts them. */
    static Segment cut(LogFixture log, int from, int to) {
        List<ArchivedEntry> lines = new ArrayList<>();
        for (FixtureEntry entry : log.entries().subList(from, to)) {
            lines.add(line(entry));
        }
        return new Segment(new SequenceNumber(from), lines);
    }

    /** The entries of {@code segment}, each with its first signature alone. */
    static Segment withoutSecondSignature(Segment segment) {
        List<ArchivedEntry> lines = segment.entries().stream()
                .map(each ->
                        new ArchivedEntry(each.statement(), each.signatures().subList(0, 1), null))
                .toList();
        return new Segment(segment.first(), lines);
    }

    /** Another history in the place of the log's from {@code from} on, chained throughout, under signatures of the true one. */
    static Segment forged(LogFixture log, int from, int to) {
        List<ArchivedEntry> lines = new ArrayList<>();
        String before = "";
        String forged = "";
        for (FixtureEntry entry : log.entries().subList(from, to)) {
            String text = entry.statement().utf8();
            String changed = forged.isEmpty() ? text.replace("succeeded", "failed") : text.replace(before, forged);
            before = entry.entryHash().hex();
            forged = Digest.of(Bytes.utf8(changed)).hex();
            if (before.equals(forged)) {
                throw new IllegalStateException("nothing was changed in entry " + from);
            }
            lines.add(new ArchivedEntry(Bytes.utf8(changed), entry.signatures(), null));
        }
        return new Segment(new SequenceNumber(from), lines);
    }

    /** A segment of one heads entry of the log, moved to another place. */
    static Bytes movedHeads(LogFixture log, int from, long to) {
        String line = cut(log, from, from + 1).bytes().utf8();
        Bytes statement = log.entries().get(from).statement();
        String moved = statement
                .utf8()
                .replace("\"sequence\":" + from + ",\"stream\"", "\"sequence\":" + to + ",\"stream\"")
                .replace("heads-" + from, "heads-" + to);
        if (moved.equals(statement.utf8())) {
            throw new IllegalStateException("entry " + from + " is not what it was taken for");
        }
        return Bytes.utf8(line.replace(statement.base64(), Bytes.utf8(moved).base64()));
    }

    /** The same entries, each signed by {@code key}. */
    static Segment signedBy(TestKey key, Bytes segment, long first) throws SigningException {
        List<ArchivedEntry> lines = new ArrayList<>();
        for (ArchivedEntry each :
                Segment.parse(new SequenceNumber(first), segment).entries()) {
            Bytes signed = Dsse.pae(Dsse.STATEMENT, each.statement());
            lines.add(new ArchivedEntry(
                    each.statement(), List.of(new DsseSignature(key.key().keyid(), key.sign(signed))), null));
        }
        return new Segment(new SequenceNumber(first), lines);
    }

    @Override
    public void close() {
        store.close();
        administrator.close();
        service.close();
    }
}
