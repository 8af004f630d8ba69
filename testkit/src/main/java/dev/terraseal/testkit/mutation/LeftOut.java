package dev.terraseal.testkit.mutation;

import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import java.util.ArrayList;
import java.util.List;

/**
 * What an exporter could want to hide: entries of a stream, and that a key was withdrawn. Everything else of each bundle is
 * made as if there were none, and sealed with the exporter's real key.
 */
public final class LeftOut {
    private static final Expected GAP = Expected.refused("chain", "broken-stream", "missing-entry");
    private static final Expected NOT_ALL = Expected.refused("stream-heads", "bad-heads");

    private static final Expected MISSED = Expected.refused("key-events", "bad-heads", "malformed", "key-event-hidden");

    private final LogFixture log;
    private final List<Mutation> all = new ArrayList<>();

    private LeftOut(LogFixture log) {
        this.log = log;
    }

    /** Of the stream {@value Logs#PROD}: its first, a middle, its last, all of its entries. */
    public static List<Mutation> ofAStream(long seed) {
        LeftOut out = new LeftOut(Logs.story(seed, 0));
        List<Integer> entries = out.ofStream(Logs.PROD);
        int last = entries.size() - 1;
        out.stream("its first entry", entries.subList(0, 1), GAP);
        out.stream("a middle entry", entries.subList(last / 2, last / 2 + 1), GAP);
        out.stream("its last entry", entries.subList(last, last + 1), NOT_ALL);
        out.stream("all of its entries", entries, NOT_ALL);
        return List.copyOf(out.all);
    }

    /** The revocation of a key, left out of key-events/ in every kind of export. */
    public static List<Mutation> aRevocation(long seed) {
        LeftOut out = new LeftOut(Logs.story(seed, 0));
        List<Integer> keys = new ArrayList<>();
        for (int i = 0; i < out.log.size(); i++) {
            if (out.statement(i).type() == PredicateType.KEY_EVENT) {
                keys.add(i);
            }
        }
        List<Integer> revocation = keys.subList(keys.size() - 1, keys.size());
        out.add("a revocation in a stream", out.hiding(revocation).stream(Logs.PROD), MISSED);
        out.add("a revocation in a range", out.hiding(revocation).range(11, 15), MISSED);
        out.add("a revocation in a selection", out.hiding(revocation).filter(List.of(1, 5, 12)), MISSED);
        out.add("a revocation beside the whole log", out.hiding(revocation).whole(), MISSED);
        return List.copyOf(out.all);
    }

    /**
     * The same with a true proof: key-events/ is closed by a heads entry from before the revocation, which calls entries below
     * that one suspect. Where a newer heads entry is in the bundle it is refused, else the verdict has to say up to where it
     * knows.
     */
    public static List<Mutation> behindAnOlderHeads(long seed) {
        LeftOut out = new LeftOut(Logs.withdrawn(seed));
        Expected hidden = Expected.refused("key-events", "key-event-hidden");
        Expected open = Expected.unproven("that no key was withdrawn after entry 6");
        out.add(
                "behind the closing heads entry, in the whole log",
                out.closedBy(6).whole(),
                hidden);
        out.add("behind the closing heads entry, in a stream", out.closedBy(6).stream(Logs.PROD), hidden);
        out.add("behind the closing heads entry, in a range", out.closedBy(6).range(8, 9), hidden);
        out.add(
                "behind the closing heads entry, in a selection",
                out.closedBy(6).filter(List.of(0, 2, 8)),
                hidden);
        out.add(
                "behind all that is shown, in a range to the heads entry",
                out.closedBy(6).range(0, 7),
                open);
        out.add("behind all that is shown, in a range", out.closedBy(6).range(1, 3), open);
        out.add("behind all that is shown, in a selection", out.closedBy(6).filter(List.of(0, 2, 6)), open);
        out.add("behind all that is shown, in a stream", out.closedBy(6).closingBy(6).stream(Logs.PROD), open);
        return List.copyOf(out.all);
    }

    private FixtureExport closedBy(int heads) {
        return FixtureExport.of(log).closingKeyEventsBy(heads);
    }

    private FixtureExport hiding(List<Integer> keyEvents) {
        return FixtureExport.of(log).hidingKeyEvents(keyEvents);
    }

    private List<Integer> ofStream(String stream) {
        List<Integer> entries = new ArrayList<>();
        for (int i = 0; i < log.size(); i++) {
            if (statement(i).stream().value().equals(stream)) {
                entries.add(i);
            }
        }
        return entries;
    }

    private Statement statement(int index) {
        return Statement.parse(log.entries().get(index).statement());
    }

    private void stream(String what, List<Integer> hidden, Expected expected) {
        add(what, FixtureExport.of(log).leavingOut(hidden).stream(Logs.PROD), expected);
    }

    private void add(String what, BundleBytes liar, Expected expected) {
        Mutation.Files files = new Mutation.Files(liar.sealedBy(log.exportKey()));
        all.add(new Mutation(what, "stream", true, files, Asked.under(log.log().genesis()), expected));
    }
}
