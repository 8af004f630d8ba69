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
