package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.statement.Event;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Logs gone wrong that signed heads entries they must not, or a stream's beginning twice, shown whole and in parts. */
final class HeadsForms {
    private static final Expected BAD = Expected.refused("stream-heads", "bad-heads");
    private static final Expected TWICE = Expected.refused("chain", "broken-stream");
    private static final Expected HOLDS = Expected.unproven("");
    private static final String ROOT = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    private final long seed;
    private final List<Draft> drafts = new ArrayList<>();

    private HeadsForms(long seed) {
        this.seed = seed;
    }

    static List<Draft> drafts(long seed) {
        HeadsForms forms = new HeadsForms(seed);
        forms.salted();
        forms.bodies();
        forms.twice();
        return forms.drafts;
    }

    private void take(String name, LogFixture log, BundleBytes bundle, Expected expected) {
        Draft draft = TwoReadings.draftOf(name, log, bundle);
        draft.resealed("as the log signed it", bundle, expected);
        drafts.add(draft);
    }

    /** An entry, its heads entry, and a second heads entry that something was done to. */
    private LogFixture with(UnaryOperator<Event> done) {
        Bytes file = begun().heads().headsFile(2);
        Timestamp received = new Timestamp(LogFixture.BEGIN.epochMillis() + 2000);
        Event own = Heads.parseFile(file).event(new SequenceNumber(2), received);
        return begun().append(done.apply(own)).heads();
    }

    private LogFixture begun() {
        return LogFixture.seeded("terraseal.local/heads", seed)
                .apply(Logs.PROD, 1, 2)
                .heads();
    }

    private static Event event(Event own, Bytes body, @Nullable Bytes salt) {
        return new Event(
                own.type(), own.stream(), own.id(), own.occurredAt(), own.subjects(), body, null, null, salt, null);
    }

    private static Event body(Event own, String root, long streams) {
        return event(
                own,
                Json.obj().put("root", root).put("streams", streams).build().bytes(),
                null);
    }

    private void salted() {
        LogFixture plain = with(own -> event(own, own.body(), null));
        take("a second heads entry", plain, FixtureExport.of(plain).whole(), HOLDS);
        LogFixture log = with(own -> event(own, own.body(), Bytes.fromHex("00".repeat(16))));
        take("a heads entry with a salt", log, FixtureExport.of(log).whole(), BAD);
        take("a heads entry with a salt, range", log, FixtureExport.of(log).range(2, 4), BAD);
        take("a heads entry with a salt, filter", log, FixtureExport.of(log).filter(List.of(0, 2)), BAD);
    }

    /** Where the entries below it are shown it is derived again, in every kind of export; elsewhere it has to be readable. */
    private void bodies() {
        LogFixture wrong = with(own -> body(own, ROOT, 2));
        take("a wrong root", wrong, FixtureExport.of(wrong).whole(), BAD);
        take("a wrong root, range", wrong, FixtureExport.of(wrong).range(2, 3), HOLDS);
        take("a wrong root, range from 0", wrong, FixtureExport.of(wrong).range(0, 3), BAD);
        take("a wrong root, filter from 0", wrong, FixtureExport.of(wrong).filter(List.of(0, 1, 2)), BAD);
        take("a wrong root, filter with a gap", wrong, FixtureExport.of(wrong).filter(List.of(0, 2)), HOLDS);
        take("a wrong root, filter from 1", wrong, FixtureExport.of(wrong).filter(List.of(1, 2, 3)), HOLDS);
        LogFixture junk = with(own -> body(own, "x", 2));
        take("no root", junk, FixtureExport.of(junk).whole(), BAD);
        take("no root, range", junk, FixtureExport.of(junk).range(2, 3), BAD);
        take("no root, filter", junk, FixtureExport.of(junk).filter(List.of(0, 2)), BAD);
        LogFixture less = with(own -> body(own, ROOT, -1));
        take("fewer streams than none, range", less, FixtureExport.of(less).range(2, 3), BAD);
    }

    private void twice() {
        LogFixture log = LogFixture.seeded("terraseal.local/heads", seed)
                .apply(Logs.PROD, 1, 2)
                .apply(Logs.PROD, 2, 3)
                .apply(Logs.DEV, 2, 3)
                .forkStream(Logs.PROD)
                .apply(Logs.PROD, 1, 2)
                .heads();
        take("a stream that begins twice", log, FixtureExport.of(log).whole(), TWICE);
        take("a stream that begins twice, range", log, FixtureExport.of(log).range(1, 5), TWICE);
        take("a stream that begins twice, filter", log, FixtureExport.of(log).filter(List.of(0, 1, 3)), TWICE);
        take(
                "a stream that begins twice, first and last",
                log,
                FixtureExport.of(log).filter(List.of(0, 3)),
                TWICE);
        take("a stream that begins twice, stream", log, FixtureExport.of(log).stream(Logs.PROD), TWICE);
        take(
                "a stream that begins twice, the second time",
                log,
                FixtureExport.of(log).filter(List.of(3)),
                HOLDS);
    }
}
