package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.archiver.recovery.ArchivedKeys;
import dev.terraseal.archiver.recovery.Recovery;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.Segment;
import dev.terraseal.store.Validity;
import dev.terraseal.testkit.log.FixtureEntry;
import dev.terraseal.testkit.log.LogFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whoever may write to the bucket changes nothing: not what is archived, not which keys count, not where readers and the
 * next archiver begin; and what they plant costs so much a plant and no more. Planted before, between and after archiving.
 */
class HostileBucketTest {
    private static final int BETWEEN = 10;
    private static final int EACH = 4;
    private static final long FAR = 1L << 50;

    private final SignatureChecker checker = new SignatureChecker(Providers.fast());

    private static LogFixture log() {
        LogFixture log = new LogFixture("terraseal.local/hostile");
        log.apply("a", 1, 2)
                .apply("b", 1, 2)
                .heads()
                .rotateAttestKey()
                .apply("a", 2, 3)
                .heads();
        log.apply("c", 1, 2).rotateLogKey().apply("a", 3, 4).heads();
        log.apply("a", 4, 5).rotateAttestKey().apply("b", 2, 3).apply("a", 5, 6).heads();
        return log.apply("b", 3, 4).apply("c", 2, 3).apply("c", 3, 4);
    }

    private static String heads(long at) {
        return ArchiveNames.heads(new SequenceNumber(at));
    }

    private static String segment(long at) {
        return ArchiveNames.segment(new SequenceNumber(at));
    }

    private static void everywhere(LogFixture log, HostileBucket bucket, String kind) throws SigningException {
        switch (kind) {
            case "garbage far above" -> {
                for (int i = 0; i < EACH; i++) {
                    bucket.plant(heads(FAR + i), Bytes.utf8("[]x"));
                    bucket.plant(segment(FAR + 10 + i), Bytes.utf8("x\n"));
                    bucket.plant("checkpoints/" + (FAR + i), Bytes.utf8("x\n"));
                }
            }
            case "heads entries moved far above" -> {
                for (int i = 0; i < EACH; i++) {
                    bucket.plant(segment(FAR + i), HostileBucket.movedHeads(log, 2, FAR + i));
                    bucket.plant(heads(FAR + i), log.headsFile(2));
                }
            }
            case "heads entries by a key that was taken and replaced" -> {
                // Of a time before the key events; with a log key as well nothing but a witness would help.
                for (long at : new long[] {log.size(), log.size() + 2, FAR}) {
                    Segment moved = HostileBucket.signedBy(log.attestKey(), HostileBucket.movedHeads(log, 2, at), at);
                    bucket.plant(segment(at), moved.bytes());
                    bucket.plant(heads(at), log.headsFile(2));
                }
            }
            case "true content far above" -> {
                for (int i = 0; i < EACH; i++) {
                    bucket.plant(segment(FAR + i), HostileBucket.cut(log, 2, 6).bytes());
                    bucket.plant(heads(FAR + i), log.headsFile(5));
                }
            }
            case "another history in the next place" -> {
                for (int from : List.of(0, BETWEEN)) {
                    for (int to = from + 1; to <= log.size(); to += 2) {
                        bucket.plant(
                                segment(from),
                                HostileBucket.forged(log, from, to).bytes());
                    }
                }
            }
            case "every name of heads and segments" -> {
                for (int i = 0; i < log.size() + 3; i++) {
                    bucket.plant(heads(i), log.headsFile(i % 2 == 0 ? 2 : 5));
                    bucket.plant(segment(i), Bytes.utf8("x\n"));
                }
            }
            case "checkpoints and keys" -> {
                bucket.administrator.plant("checkpoint", log.checkpoint(0).bytes());
                for (int i = 1; i < log.size() + 3; i++) {
                    bucket.plant("checkpoints/" + i, log.checkpoint(1).bytes());
                }
                bucket.plant("log.json", Bytes.utf8("{}"));
            }
            default -> throw new IllegalArgumentException(kind);
        }
    }

    static Stream<Arguments> plants() {
        List<Arguments> out = new ArrayList<>();
        for (String kind : List.of(
                "garbage far above",
                "heads entries moved far above",
                "heads entries by a key that was taken and replaced",
                "true content far above",
                "another history in the next place",
                "every name of heads and segments",
                "checkpoints and keys")) {
            for (String when : List.of("before", "between", "after")) {
                out.add(Arguments.of(kind, when));
            }
        }
        return out.stream();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("plants")
    void whatOthersPlantChangesNothing(String kind, String when) throws Exception {
        LogFixture log = log();
        try (HostileBucket clean = new HostileBucket();
                HostileBucket bucket = new HostileBucket()) {
            archive(log, clean, at -> {});
            archive(log, bucket, at -> {
                if (at.equals(when)) {
                    everywhere(log, bucket, kind);
                }
            });
            requireSame(log, clean, bucket);
            // The next archiver begins where the last one ended, and adds nothing.
            long checkpoints = bucket.store.names("checkpoints/", "", 1_000).size();
            ArchiverFixture again = new ArchiverFixture(log);
            again.archive(bucket.store);
            assertThat(again.progress.checkpointSize()).isEqualTo(log.size());
            assertThat(again.feed.notes).as("announced by a restart").hasSize(1);
            assertThat(bucket.store.names("checkpoints/", "", 1_000)).hasSize((int) checkpoints);
            requireSame(log, clean, bucket);
        }
    }

    private interface Then {
        void at(String when) throws SigningException;
    }

    private static void archive(LogFixture log, HostileBucket bucket, Then then) throws Exception {
        ArchiverFixture fixture = new ArchiverFixture(log).born(bucket.store);
        then.at("before");
        fixture.stream.subList(BETWEEN, fixture.stream.size()).clear();
        fixture.archive(bucket.store);
        then.at("between");
        fixture.stream.addAll(ListedEntries.of(log).subList(BETWEEN, log.size()));
        fixture.archive(bucket.store);
        then.at("after");
    }

    private void requireSame(LogFixture log, HostileBucket clean, HostileBucket bucket) throws Exception {
        ArchivedKeys.Found keys = new ArchivedKeys(bucket.store, log.log(), checker).read();
        ArchivedKeys.Found expected = new ArchivedKeys(clean.store, log.log(), checker).read();
        assertThat(expected.history().events()).hasSize(3);
        assertThat(keys.statements()).isEqualTo(expected.statements());
        assertThat(keys.history()).isEqualTo(expected.history());
        assertThat(keys.ring().declarations()).isEqualTo(expected.ring().declarations());
        assertThat(new Recovery(log.log(), bucket.store, checker).takeUp().checkpoint())
                .isEqualTo(
                        new Recovery(log.log(), clean.store, checker).takeUp().checkpoint());
        assertThat(ArchivedEnd.read(log.log(), bucket.store, checker).size()).isEqualTo(log.size());
        ArchiveReplay all = ArchiveReplay.ofAll(log.log(), bucket.store, checker, Runnable::run);
        List<Bytes> statements = new ArrayList<>();
        for (var entries = all.next(); !entries.isEmpty(); entries = all.next()) {
            entries.forEach(each -> statements.add(each.statement().bytes()));
        }
        assertThat(statements)
                .isEqualTo(log.entries().stream().map(FixtureEntry::statement).toList());
        for (String name : clean.store.names("", "", 1_000)) {
            if (!name.equals("checkpoint") && !name.contains(".p/")) {
                Bytes content =
                        clean.store.read(name, Validity.any()).orElseThrow().content();
                assertThat(bucket.store.read(name, Validity.equalTo(content)))
                        .as(name)
                        .isPresent();
            }
        }
    }
}
