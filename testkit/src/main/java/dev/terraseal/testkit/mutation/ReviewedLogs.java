package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.statement.Event;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.TestKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Bundles that two verifiers once judged in two ways, or stumbled over, each made by hand: what a log signed that no log
 * should, numbers of log.json beyond any, statements of another form, and lines of a second key for checkpoints. All are
 * refused but the heads that both keys signed.
 */
public final class ReviewedLogs {
    /** The base whose bundle each of these may be compared with. */
    public static final String BASE = "small";

    private static final Expected BAD_HEADS = Expected.refused("stream-heads", "bad-heads");
    private static final Expected IMPOSSIBLE = Expected.refused("declaration", "malformed");

    private static final Expected MALFORMED_SIGNATURES = Expected.refused("signatures", "malformed");

    private final long seed;
    private final List<Mutation> all = new ArrayList<>();

    private ReviewedLogs(long seed) {
        this.seed = seed;
    }

    public static List<Mutation> of(long seed) {
        ReviewedLogs logs = new ReviewedLogs(seed);
        logs.declarations();
        logs.statements();
        logs.lines();
        logs.salted();
        logs.headsNobodyCanDerive();
        logs.streamsThatBeginTwice();
        logs.twoKeysForCheckpoints();
        return List.copyOf(logs.all);
    }

    private void add(String name, BundleBytes bundle, LogFixture log, Digest genesis, Expected expected) {
        Mutation.Files files = new Mutation.Files(bundle.sealedBy(log.exportKey()));
        all.add(new Mutation(name, BASE, true, files, Asked.under(genesis), expected));
    }

    private void add(String name, BundleBytes bundle, LogFixture log, Expected expected) {
        add(name, bundle, log, log.log().genesis(), expected);
    }

    /** Where two keys are in force each speaks for the log: whichever line comes first, and none that does not hold. */
    private void twoKeysForCheckpoints() {
        LogFixture log = LogFixture.seeded(Logs.ORIGIN, seed).apply(Logs.PROD, 1, 2);
        TestKey added = log.addLogKey();
        log.apply(Logs.PROD, 2, 3).heads();
        SignedNote byFirst = log.checkpoint(log.size());
        SignatureLine first = byFirst.lines().get(0);
        SignatureLine second = signed(byFirst, added);
        byte[] changed = second.signature().toByteArray();
        changed[9] ^= 1;
        SignatureLine wrong = new SignatureLine(second.name(), second.keyId(), Bytes.wrap(changed));
        heads(log, "by both keys for checkpoints", Expected.unproven(""), first, second);
        heads(log, "by both keys for checkpoints, the added one first", Expected.unproven(""), second, first);
        Expected refused = Expected.refused("checkpoint", "bad-checkpoint");
        heads(log, "with a line of the other key for checkpoints that does not hold", refused, first, wrong);
        heads(log, "whose first line, of the added key, does not hold", refused, wrong, first);
    }

    private static SignatureLine signed(SignedNote note, TestKey key) {
        try {
            return NoteSigner.sign(Checkpoint.parse(note.text()), key).lines().get(0);
        } catch (NoteException | SigningException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private void heads(LogFixture log, String what, Expected expected, SignatureLine... lines) {
        SignedNote note = new SignedNote(log.checkpoint(log.size()).text(), List.of(lines));
        add("a head " + what, FixtureExport.under(log, note).whole(), log, expected);
    }

    private void declarations() {
        LogFixture log = Logs.small(seed, 0);
        BundleBytes whole = FixtureExport.of(log).whole();
        for (String each : List.of(
                "retentionDays=36501",
                "retentionDays=9007199254740991",
                "statementBytes=1048577",
                "statementBytes=9007199254740991",
                "depth=65")) {
            String member = each.split("=")[0];
            String changed = whole.text("log.json")
                    .replaceAll("\"" + member + "\":[0-9]+", "\"" + member + "\":" + each.split("=")[1]);
            BundleBytes broken = whole.with("log.json", changed);
            add(each + " in log.json", broken, log, IMPOSSIBLE);
            add(each + " in a log.json that is trusted", broken, log, Digest.of(broken.get("log.json")), IMPOSSIBLE);
        }
    }

    /** The last entry, so that no link of another shows the change first. */
    private void statements() {
        LogFixture log = Logs.small(seed, 0);
        BundleBytes whole = FixtureExport.of(log).whole();
        String last = Base.artifact(3);
        for (String value : List.of("\"x\"", "1", "[]", "true")) {
            String changed =
                    whole.text(last).replaceFirst("(\"receivedAt\":\"[^\"]*\")", "$1,\"seenCheckpoint\":" + value);
            add("a seenCheckpoint " + value, whole.with(last, changed), log, Expected.refused("chain", "malformed"));
        }
    }

    /** A signature of whatever length is canonical JSON; a line of one is not of whatever length. */
    private void lines() {
        LogFixture log = Logs.small(seed, 0);
        BundleBytes whole = FixtureExport.of(log).whole();
        String sig = "A".repeat(140_000);
        String changed = whole.text("signatures.jsonl").replaceFirst("\"sig\":\"[^\"]*\"", "\"sig\":\"" + sig + "\"");
        add("a signature of 105,000 bytes", whole.with("signatures.jsonl", changed), log, MALFORMED_SIGNATURES);
        String envelopes = "a".repeat(900_000) + "\n";
        add(
                "an envelope of 900,000 bytes",
                whole.with("attestations.intoto.jsonl", envelopes),
                log,
                Expected.refused("derived", "malformed"));
    }

    /** What the log's own heads entry at an index is, from a log that wrote it. */
    private Event headsOf(LogFixture honest, int index) {
        return Heads.parseFile(honest.headsFile(index))
                .event(new SequenceNumber(index), new Timestamp(LogFixture.BEGIN.epochMillis() + 1000L * index));
    }

    private static Event like(Event heads, String id, Timestamp at, Bytes body, boolean salted) {
        Bytes salt = salted ? Bytes.wrap(new byte[16]) : null;
        return new Event(
                heads.type(), heads.stream(), new EventId(id), at, heads.subjects(), body, null, null, salt, null);
    }

    private void salted() {
        Event heads = headsOf(Logs.small(seed, 0), 3);
        LogFixture log = LogFixture.seeded(Logs.ORIGIN, seed);
        log.apply(Logs.PROD, 1, 2).apply(Logs.PROD, 2, 3).apply(Logs.PROD, 3, 4);
        log.append(like(heads, "heads-3", heads.occurredAt(), heads.body(), true));
        add("a heads entry with a salt", FixtureExport.of(log).whole(), log, BAD_HEADS);
    }

    /** A heads entry at 2 that is not what is below it: derived where 0 and 1 are shown, read where they are not. */
    private void headsNobodyCanDerive() {
        Event heads = headsOf(Logs.small(seed, 0), 3);
        Bytes wrong = body(Digest.of().base64(), 1);
        add(
                "a wrong heads entry in a selection from 0 on",
                withHeads(heads, wrong).filter(List.of(0, 1, 2)));
        for (Bytes junk :
                List.of(body("x", 1), body("eA==", 1), body(Digest.of().base64(), -1))) {
            add(
                    "a heads entry of " + junk.utf8() + " in a range",
                    withHeads(heads, junk).range(2, 3));
        }
    }

    private void add(String name, BundleBytes bundle) {
        add(name, bundle, LogFixture.seeded(Logs.ORIGIN, seed), BAD_HEADS);
    }

    private FixtureExport withHeads(Event heads, Bytes body) {
        LogFixture log = LogFixture.seeded(Logs.ORIGIN, seed);
        log.apply(Logs.PROD, 1, 2).apply(Logs.PROD, 2, 3);
        log.append(like(heads, "heads-2", new Timestamp(LogFixture.BEGIN.epochMillis() + 2000), body, false));
        return FixtureExport.of(log.heads());
    }

    private static Bytes body(String root, long streams) {
        return Json.obj().put("root", root).put("streams", streams).build().bytes();
    }

    private void streamsThatBeginTwice() {
        LogFixture log = LogFixture.seeded(Logs.ORIGIN, seed);
        log.apply(Logs.PROD, 1, 2).apply(Logs.PROD, 2, 3).apply(Logs.DEV, 2, 3);
        log.forkStream(Logs.PROD).apply(Logs.PROD, 1, 2).heads();
        Expected twice = Expected.refused("chain", "broken-stream");
        add("a selection of a stream that begins twice", FixtureExport.of(log).filter(List.of(0, 1, 3)), log, twice);
        add("one of its first and its second beginning", FixtureExport.of(log).filter(List.of(0, 3)), log, twice);
    }
}
