package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.tsa.TestAuthority;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A failure behind more findings about the world than a verifier keeps of a layer: producers with wrong clocks, or that
 * quote nonsense, are no cover for a forgery. And a clock that steps back.
 */
public final class Buried {
    private static final String BASE = "stream";
    private static final int MANY = 205;
    private static final Expected HOLDS = Expected.unproven("");
    private static final String TOKEN = "tsa.example-20261121T000000Z";
    private static final Instant DAY_BEFORE = Instant.parse("2026-11-21T00:00:00Z");

    private final List<Mutation> all = new ArrayList<>();

    private Buried() {}

    public static List<Mutation> all(long seed) {
        Buried out = new Buried();
        out.underQuotes(seed);
        out.underClocks(seed);
        out.steppingBack(seed);
        return List.copyOf(out.all);
    }

    private void add(String name, LogFixture log, BundleBytes bundle, Asked asked, Expected expected) {
        Mutation.Files files = new Mutation.Files(bundle.sealedBy(log.exportKey()));
        all.add(new Mutation(name, BASE, true, files, asked, expected));
    }

    /** Heads that cannot be read are a finding of the layer in which a forged checkpoint is one too. */
    private void underQuotes(long seed) {
        LogFixture log = LogFixture.seeded(Logs.ORIGIN, seed);
        Json.Obj nonsense = Json.obj().put("size", 2).put("root", "x").build();
        for (int i = 0; i < MANY; i++) {
            log.append(event(log, nonsense.bytes()));
        }
        log.heads();
        BundleBytes whole = FixtureExport.of(log).whole();
        Asked asked = Asked.under(log.log().genesis());
        String name = MANY + " heads quoted that cannot be read, ";
        add(name + "nothing else", log, whole, asked, HOLDS);
        add(
                name + "the checkpoint of another history",
                log,
                whole.with("checkpoint", otherRoot(whole.text("checkpoint"))),
                asked,
                Expected.refused("checkpoint", "bad-checkpoint"));
        add(
                name + "no checkpoint",
                log,
                whole.without("checkpoint"),
                asked,
                Expected.refused("checkpoint", "malformed"));
    }

    /** Times that a token shows to be wrong are a finding of the layer in which a token can be missing. */
    private void underClocks(long seed) {
        LogFixture log = LogFixture.seeded(Logs.ORIGIN, seed);
        for (int i = 0; i < MANY; i++) {
            log.append(event(log, null));
        }
        log.apply(Logs.PROD, 1, 2).heads();
        TestAuthority authority = TokenEdits.trusted();
        Asked asked = Asked.under(log.log().genesis())
                .trusting(Bases.trust(log, "timeAuthorities", TokenEdits.authorities()));
        String name = 2 * MANY + " wrong times, ";
        for (int covered : new int[] {MANY, log.size()}) {
            BundleBytes stamped = FixtureExport.of(log)
                    .stamped(covered, TOKEN, note -> authority.stamp(note, DAY_BEFORE))
                    .whole();
            boolean newest = covered == log.size();
            add(
                    name + (newest ? "nothing else" : "no token over the newest entry"),
                    log,
                    stamped,
                    asked,
                    newest ? HOLDS : Expected.refused("time", "token-missing"));
        }
    }

    /** How far a log reaches is the latest time in it, not that of its last entry. */
    private void steppingBack(long seed) {
        LogFixture log = LogFixture.seeded(Logs.ORIGIN, seed);
        Timestamp latest = new Timestamp(LogFixture.BEGIN.epochMillis() + 3_600_000);
        log.apply(Logs.PROD, 1, 2).append(event(log, null), latest).heads();
        Asked asked = Asked.under(log.log().genesis());
        Expected unmet = Expected.refused("requests", "request-not-met");
        Asked later = asked.until(new Timestamp(latest.epochMillis() + 1));
        add(
                "a clock that stepped back, until before",
                log,
                FixtureExport.of(log).whole(),
                asked.until(latest),
                HOLDS);
        add("a clock that stepped back, until later", log, FixtureExport.of(log).whole(), later, unmet);
        BundleBytes shown = FixtureExport.of(log).filter(List.of(1, 2));
        add("a clock that stepped back, in a selection", log, shown, asked.until(LogFixture.BEGIN), unmet);
    }

    private static String otherRoot(String note) {
        String root = note.split("\n")[2];
        return note.replace(root, (root.startsWith("Q") ? "R" : "Q") + root.substring(1));
    }

    private static Event event(LogFixture log, @Nullable Bytes seen) {
        Json.Obj digest = Json.obj().put("sha256", "cd".repeat(32)).build();
        Json.Obj subject =
                Json.obj().put("name", "tfplan").put("digest", digest).build();
        return new Event(
                PredicateType.TERRAFORM_APPLY,
                new StreamId(Logs.PROD),
                new EventId("apply-" + log.size()),
                LogFixture.BEGIN,
                Json.arr(List.of(subject)).bytes(),
                Json.obj().put("outcome", "succeeded").build().bytes(),
                null,
                null,
                null,
                seen);
    }
}
