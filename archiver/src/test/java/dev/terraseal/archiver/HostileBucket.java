package dev.terraseal.archiver;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.ArchivedEntry;
import dev.terraseal.store.Segment;
import dev.terraseal.store.s3.Administrator;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.store.s3.S3Store;
import dev.terraseal.testkit.log.FixtureEntry;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.s3.S3StandIn;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** A bucket, its archive, and somebody who may write there: under every name, also with a lock, and not over a lock. */
final class HostileBucket implements AutoCloseable {
    final S3StandIn service;
    final ArchiveStore store;
    final Administrator administrator;
    /** Calls of {@link #counted()}. */
    final AtomicInteger calls = new AtomicInteger();

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

    /** Entries of a log that somebody made who holds none of its keys, with the signatures of others. */
    static Segment unsigned(LogFixture like, LogFixture log, int from, int to) {
        List<ArchivedEntry> lines = new ArrayList<>();
        for (FixtureEntry entry : like.entries().subList(from, to)) {
            Bytes statement = Statement.parse(entry.statement()).bytes();
            lines.add(new ArchivedEntry(statement, log.entries().get(0).signatures(), null));
        }
        return new Segment(new SequenceNumber(from), lines);
    }

    /** The bucket's archive for readers, each call counted. */
    ArchiveReader counted() {
        return (ArchiveReader) Proxy.newProxyInstance(
                ArchiveReader.class.getClassLoader(),
                new Class<?>[] {ArchiveReader.class},
                (proxy, method, arguments) -> {
                    calls.incrementAndGet();
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    @Override
    public void close() {
        store.close();
        administrator.close();
        service.close();
    }
}
