package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.TestKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Every kind of bundle, each whole and true. */
final class Bases {
    static final Instant COSIGNED = Instant.parse("2026-11-22T01:03:00Z");

    private final long seed;
    private final List<Base> bases = new ArrayList<>();

    private Bases(long seed) {
        this.seed = seed;
    }

    /** Those of a few logs: to sign a log takes a second where nothing is compiled yet, so only what is wanted is made. */
    private record Kind(List<String> names, Consumer<Bases> make) {}

    private static final List<Kind> SMALL = List.of(
            new Kind(
                    List.of(
                            "whole",
                            "range",
                            "derived files",
                            "filter",
                            "stream",
                            "stream in a batch",
                            "absent stream",
                            "absent stream after all",
                            "absent stream before all"),
                    Bases::ofStory),
            new Kind(List.of("small", "cosigned"), Bases::ofSmall),
            new Kind(List.of("signed twice"), Bases::ofTwice),
            new Kind(List.of("stamped", "stamped stream"), Bases::ofStamped),
            new Kind(List.of("rotated", "rotated stream"), Bases::ofRotations));

    /** The names of all that are small. */
    static List<String> names() {
        return SMALL.stream().flatMap(kind -> kind.names().stream()).toList();
    }

    /** @throws IllegalArgumentException if there is none of such a name */
    static List<Base> of(long seed, List<String> names) {
        Bases bases = new Bases(seed);
        SMALL.stream()
                .filter(kind -> !Collections.disjoint(kind.names(), names))
                .forEach(kind -> kind.make().accept(bases));
        List<Base> named =
                bases.bases.stream().filter(base -> names.contains(base.name())).toList();
        if (named.size() != names.size()) {
            throw new IllegalArgumentException("bases " + names + " are asked for, and there are " + names());
        }
        return named;
    }

    /** The one in shards; it takes seconds. */
    static Base sharded(long seed) {
        LogFixture log = Logs.large(seed);
        LogFixture small = Logs.small(seed, 0);
        return new Base(
                "sharded",
                log,
                small,
                small,
                FixtureExport.of(log).whole(),
                List.of(),
                Asked.under(log.log().genesis()));
    }

    /** All of the same log but its last but one. */
    static Base shardedSelection(long seed) {
        LogFixture log = Logs.large(seed);
        List<Integer> indices = new ArrayList<>();
        for (int i = 0; i < log.size(); i++) {
            if (i != log.size() - 2) {
                indices.add(i);
            }
        }
        LogFixture small = Logs.small(seed, 0);
        return new Base(
                "sharded selection",
                log,
                small,
                small,
                FixtureExport.of(log).filter(indices),
                List.of(),
                Asked.under(log.log().genesis()));
    }

    private void ofStory() {
        LogFixture log = Logs.story(seed, 0);
        LogFixture fork = Logs.story(seed, 1);
        LogFixture other = Logs.story(seed + 1000, 0);
        add("whole", log, fork, other, FixtureExport.of(log).from(4).from(12).whole());
        add("range", log, fork, other, FixtureExport.of(log).from(4).range(4, 13));
        add(
                "derived files",
                log,
                fork,
                other,
                FixtureExport.of(log).withDerivedFiles().range(8, 13));
        add("filter", log, fork, other, FixtureExport.of(log).from(4).filter(List.of(1, 5, 7, 9, 11, 14)));
        add("stream", log, fork, other, FixtureExport.of(log).from(2).stream(Logs.PROD));
        add("stream in a batch", log, fork, other, FixtureExport.of(log).stream(Logs.DEV));
        add("absent stream", log, fork, other, FixtureExport.of(log).stream("acme/infra/nothing"));
        add("absent stream after all", log, fork, other, FixtureExport.of(log).stream("zeta"));
        add("absent stream before all", log, fork, other, FixtureExport.of(log).stream("Alpha"));
    }

    private void ofSmall() {
        LogFixture log = Logs.small(seed, 0);
        LogFixture fork = Logs.small(seed, 1);
        LogFixture other = Logs.small(seed + 1000, 0);
        add("small", log, fork, other, FixtureExport.of(log).whole());
        BundleBytes cosigned = FixtureExport.under(log, cosigned(log)).whole();
        bases.add(new Base(
                "cosigned",
                log,
                fork,
                other,
                cosigned,
                indices(cosigned),
                Asked.under(log.log().genesis()).trusting(trust(log, "witnesses", new Json.Str(policy())))));
    }

    private void ofRotations() {
        LogFixture log = Logs.rotations(seed, 0);
        LogFixture fork = Logs.rotations(seed, 1);
        LogFixture other = Logs.rotations(seed + 1000, 0);
        add("rotated", log, fork, other, FixtureExport.of(log).whole());
        add("rotated stream", log, fork, other, FixtureExport.of(log).stream(Logs.PROD));
    }

    /** Stamped by an authority of the trust file, and by one nobody named. */
    private void ofStamped() {
        LogFixture log = Logs.small(seed, 0);
        LogFixture fork = Logs.small(seed, 1);
        LogFixture other = Logs.small(seed + 1000, 0);
        Bytes trust = trust(log, "timeAuthorities", TokenEdits.authorities());
        stamped(
                "stamped",
                log,
                fork,
                other,
                TokenEdits.stamp(FixtureExport.of(log), 2, 4).whole(),
                trust);
        LogFixture story = Logs.story(seed, 0);
        stamped(
                "stamped stream",
                story,
                Logs.story(seed, 1),
                Logs.story(seed + 1000, 0),
                TokenEdits.stamp(FixtureExport.of(story), 9, 13, 15).stream(Logs.PROD),
                trust(story, "timeAuthorities", TokenEdits.authorities()));
    }

    private void stamped(
            String name, LogFixture log, LogFixture fork, LogFixture other, BundleBytes bundle, Bytes trust) {
        bases.add(new Base(
                name,
                log,
                fork,
                other,
                bundle,
                indices(bundle),
                Asked.under(log.log().genesis()).trusting(trust)));
    }

    private void ofTwice() {
        LogFixture log = Logs.twice(seed, 0);
        LogFixture fork = Logs.twice(seed, 1);
        LogFixture other = Logs.twice(seed + 1000, 0);
        BundleBytes bundle =
                FixtureExport.under(log, log.headSignedTwice(COSIGNED)).whole();
        bases.add(new Base(
                "signed twice",
                log,
                fork,
                other,
                bundle,
                indices(bundle),
                Asked.under(log.log().genesis())
                        .trusting(trust(
                                log,
                                "require",
                                Json.arr(List.of(
                                        required(2, "attest", "ECDSA_SHA_256", "ML_DSA_65"),
                                        required(3, "log", "ED25519_SHA_512", "ML_DSA_44")))))));
    }

    private static Json required(long from, String use, String... algorithms) {
        return Json.obj()
                .put("from", from)
                .put("use", use)
                .put("algorithms", Json.texts(List.of(algorithms)))
                .build();
    }

    private void add(String name, LogFixture log, LogFixture fork, LogFixture other, BundleBytes bundle) {
        bases.add(new Base(
                name,
                log,
                fork,
                other,
                bundle,
                indices(bundle),
                Asked.under(log.log().genesis())));
    }

    private static List<Integer> indices(BundleBytes bundle) {
        List<Integer> indices = new ArrayList<>();
        for (String name : bundle.names("artifacts/")) {
            indices.add(Integer.parseInt(name.substring("artifacts/".length(), name.length() - ".json".length())));
        }
        return indices;
    }

    static TestKey witness(int number) {
        return TestKey.seeded(KeyUse.WITNESS, Algorithm.ED25519_SHA_512, 7000 + number);
    }

    static String witnessName(int number) {
        return "witness" + number + ".example";
    }

    /** The newest head of a log, cosigned by both witnesses. */
    static SignedNote cosigned(LogFixture log) {
        SignedNote note = log.checkpoint(log.size());
        try {
            for (int i = 1; i <= 2; i++) {
                note = note.with(NoteSigner.cosign(note.text(), witnessName(i), COSIGNED, witness(i)));
            }
        } catch (SigningException broken) {
            throw new IllegalStateException(broken);
        }
        return note;
    }

    /** Both witnesses have to have signed. */
    static String policy() {
        StringBuilder out = new StringBuilder();
        for (int i = 1; i <= 2; i++) {
            String key =
                    VerifierKey.ofCosigner(witnessName(i), witness(i).key()).text();
            out.append("witness w").append(i).append(' ').append(key).append('\n');
        }
        return out.append("group both all w1 w2\nquorum both\n").toString();
    }

    /** A trust file with one demand. */
    static Bytes trust(LogFixture log, String member, Json value) {
        return Json.obj()
                .put("format", 1)
                .put("origin", log.log().origin().value())
                .put("genesis", log.log().genesis())
                .put(member, value)
                .build()
                .bytes();
    }
}
