package dev.terraseal.signer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.chain.Appended;
import dev.terraseal.core.chain.Chain;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.log.KeyChange;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.keys.KeySource;
import dev.terraseal.keys.LogBirth;
import dev.terraseal.keys.change.PendingChange;
import dev.terraseal.keys.local.LocalKeys;
import dev.terraseal.keys.local.SoftKey;
import dev.terraseal.keys.local.SoftSigner;
import dev.terraseal.signer.check.Entry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A log with its keys, and entries that a sequencer would have made for it. */
public final class Chained {
    public final LogDeclaration log;
    public final LocalKeys keys;
    private final Chain chain = new Chain();
    private final Map<StreamId, StreamHead> streams = new HashMap<>();
    private final Path directory;
    private LogHead head;
    private Digest lastChange;

    private Chained(LogDeclaration log, LocalKeys keys, Path directory) {
        this.log = log;
        this.keys = keys;
        this.directory = directory;
        this.lastChange = log.genesis();
        this.head = LogHead.birth(log.origin(), log.genesis());
    }

    public static Chained born(Path directory) throws Exception {
        return born(directory, null);
    }

    /** @param attest where the attest key is; null makes a local one */
    static Chained born(Path directory, @Nullable KeySource attest) throws Exception {
        return of(
                new LogBirth(InstantSource.fixed(Instant.parse("2026-11-22T01:02:03Z")), new SecureRandom())
                        .begin(LogBirth.Request.in(directory).withAttest(attest, null))
                        .declaration(),
                new LocalKeys(directory.resolve("keys")),
                directory);
    }

    private static Chained of(LogDeclaration log, LocalKeys keys, Path directory) {
        return new Chained(log, keys, directory);
    }

    /** The same log from its beginning again, as after a loss. */
    public Chained again() {
        return new Chained(log, keys, directory);
    }

    public MessageSigner attest() throws Exception {
        return keys.signer(log.keys(KeyUse.ATTEST));
    }

    public DeclaredKey attestKey() {
        return log.keys(KeyUse.ATTEST).get(0);
    }

    public List<Entry> entries(int count) {
        return entries(count, "run");
    }

    /** The next entries; another {@code prefix} makes other events. */
    public List<Entry> entries(int count, String prefix) {
        List<Entry> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            out.add(next(prefix));
        }
        return out;
    }

    /** A new attest key in the key directory, brought in by the next entry, in force from {@code from} on. */
    public Entry rotation(SoftSigner next, long from) throws Exception {
        keys.store(List.of(next));
        return rotation(next, from, new LocalKeys(directory.resolve("authority")).signer(log.keys(KeyUse.AUTHORITY)));
    }

    /** The same without the key at hand, signed by whoever says to be the authority. */
    Entry rotation(SoftSigner next, long from, MessageSigner authority) throws Exception {
        return change(KeyEvent.Action.ROTATE, next, from, authority);
    }

    /** A further attest key, in force beside those there from the entry after this one on. */
    Entry addition(SoftSigner next) throws Exception {
        return change(
                KeyEvent.Action.ADD,
                next,
                0,
                new LocalKeys(directory.resolve("authority")).signer(log.keys(KeyUse.AUTHORITY)));
    }

    private Entry change(KeyEvent.Action action, SoftSigner next, long from, MessageSigner authority) throws Exception {
        KeyChange change = new KeyChange(
                action, List.of(new KeyEvent.NewKey(next.key(), new SequenceNumber(from))), List.of(), null, "yearly");
        PendingChange pending = new PendingChange(change.payload(log.genesis(), lastChange), List.of())
                .signedBy(next)
                .signedBy(authority);
        lastChange = Digest.of(pending.payload());
        return next(
                PredicateType.KEY_EVENT,
                StreamId.KEYS,
                "rotation-" + head.size(),
                pending.event().body().bytes());
    }

    static SoftSigner freshAttestKey() {
        return freshAttestKey(Algorithm.ECDSA_SHA_256);
    }

    static SoftSigner freshAttestKey(Algorithm algorithm) {
        SoftKey key = SoftKey.generate(algorithm, new SecureRandom());
        return new SoftSigner(DeclaredKey.of(KeyUse.ATTEST, algorithm, key.spki()), key);
    }

    private Entry next(String prefix) {
        long sequence = head.size();
        return next(
                PredicateType.TERRAFORM_APPLY,
                new StreamId("acme/" + sequence % 3),
                prefix + "-" + sequence,
                Bytes.utf8("{\"outcome\":\"succeeded\"}"));
    }

    private Entry next(PredicateType type, StreamId stream, String id, Bytes body) {
        long sequence = head.size();
        Event event = new Event(
                type,
                stream,
                new EventId(id),
                Timestamp.parse("2026-11-22T01:02:03.004Z"),
                Bytes.utf8("[{\"digest\":{\"sha256\":\""
                        + Digest.of(Bytes.utf8("p")).hex() + "\"},\"name\":\"tfplan\"}]"),
                body,
                null,
                null,
                null,
                null);
        Appended appended = chain.append(head, streams.get(stream), event, Timestamp.parse("2026-11-22T01:02:04.000Z"));
        head = appended.log();
        streams.put(stream, appended.stream());
        return new Entry(
                2 * sequence,
                1000 + sequence,
                appended.sequence(),
                appended.entryHash(),
                appended.sequence(),
                stream,
                appended.entryHash(),
                appended.statement());
    }

    public LogHead head() {
        return head;
    }
}
