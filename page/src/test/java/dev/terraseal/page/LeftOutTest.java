package dev.terraseal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import dev.terraseal.testkit.mutation.Base;
import dev.terraseal.testkit.mutation.Buried;
import dev.terraseal.testkit.mutation.Catalogue;
import dev.terraseal.testkit.mutation.GeneratedBundles;
import dev.terraseal.testkit.mutation.LeftOut;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.testkit.mutation.ShardedSelection;
import dev.terraseal.verifier.bundle.JavaAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a liar leaves out, bundles in shards and bundles of a generator, asked of the page in a browser and of Java. */
class LeftOutTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261129L);
    private static final int GENERATED = Integer.getInteger("terraseal.page.generated", 300);
    private static final int AT_ONCE = 20;
    private static final int OF_SHARDS = 12;

    @TempDir
    static Path scratch;

    private static Chromium browser;
    private static Path page;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        browser = Chromium.start();
        page = scratch.resolve("verify.html");
        Files.write(page, VerifyPage.bytes());
    }

    @AfterAll
    static void stop() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    private static void bothRefuse(List<Mutation> mutations) throws IOException {
        bothAnswer(mutations);
        assertThat(mutations).allMatch(mutation -> mutation.expected().code() == 4);
    }

    private static void bothAnswer(List<Mutation> mutations) throws IOException {
        try (Tab tab = browser.open(page)) {
            PageVerifier verifier =
                    new PageVerifier(tab, Catalogue.of(SEED, 1).only("stream").bases());
            List<PageVerifier.Answer> answers = verifier.to(mutations);
            JavaAnswer java = new JavaAnswer(scratch);
            for (int i = 0; i < mutations.size(); i++) {
                Mutation mutation = mutations.get(i);
                assertThat(List.of(answers.get(i).text(), java.to(mutation.content(), mutation.asked())))
                        .as(
                                "%s left out: the page, then Java (%s)",
                                mutation.name(), answers.get(i).message())
                        .allMatch(answer -> PageVerifier.isAsExpected(answer, mutation.expected()));
                assertThat(answers.get(i).notProven())
                        .contains(mutation.expected().notProven());
            }
        }
    }

    @Test
    void aStreamWithoutItsFirstAMiddleItsLastOrAllOfItsEntriesIsRefusedByBoth() throws IOException {
        List<Mutation> left = LeftOut.ofAStream(SEED);
        assertThat(left).hasSize(4);
        bothRefuse(left);
    }

    @Test
    void aRevocationThatIsLeftOutIsMissedByBoth() throws IOException {
        List<Mutation> left = LeftOut.aRevocation(SEED);
        assertThat(left).hasSize(4);
        bothRefuse(left);
    }

    @Test
    void aRevocationBehindAnOlderHeadsEntryIsMissedByBothOrBothSayUpToWhereTheyKnow() throws IOException {
        bothAnswer(LeftOut.behindAnOlderHeads(SEED));
    }

    @Test
    void noFailureIsBuriedUnderFindingsAboutTheWorldInEither() throws IOException {
        bothAnswer(Buried.all(SEED));
    }

    @Test
    void bothSayTheSameOfBundlesInShards() throws IOException {
        Base sharded = Catalogue.sharded(SEED);
        List<Mutation> all = Catalogue.ofShards(sharded, SEED);
        List<String> wrong = new ArrayList<>();
        int asked = 0;
        try (Tab tab = browser.open(page)) {
            PageVerifier verifier = new PageVerifier(tab, List.of(sharded));
            JavaAnswer java = new JavaAnswer(scratch);
            for (int at = 0; at < all.size(); at += all.size() / OF_SHARDS) {
                Mutation mutation = all.get(at);
                PageVerifier.Answer answer = verifier.to(List.of(mutation)).get(0);
                String others = java.to(mutation.content(), mutation.asked());
                asked++;
                if (!PageVerifier.isAsExpected(answer.text(), mutation.expected())
                        || !PageVerifier.isAsExpected(others, mutation.expected())) {
                    wrong.add(mutation + ": the page says " + answer.text() + " (" + answer.message() + "), Java says "
                            + others + ", expected is " + mutation.expected());
                }
            }
        }
        assertThat(wrong).as("seed %s, %s asked", SEED, asked).isEmpty();
        assertThat(asked).isGreaterThanOrEqualTo(OF_SHARDS);
    }

    /** Ten thousand artifacts a time; what Java says of the same is the verifier's own LeftOutTest. */
    @Test
    void whatIsWrongWithTheSignaturesOfASelectionInShardsIsSaidOfThem() throws IOException {
        Base sharded = Catalogue.shardedSelection(SEED);
        try (Tab tab = browser.open(page)) {
            PageVerifier verifier = new PageVerifier(tab, List.of(sharded));
            for (Mutation mutation : Catalogue.ofShardedSelection(sharded, SEED)) {
                PageVerifier.Answer answer = verifier.to(List.of(mutation)).get(0);
                assertThat(PageVerifier.isAsExpected(answer.text(), mutation.expected()))
                        .as("%s: %s (%s)", mutation, answer.text(), answer.message())
                        .isTrue();
            }
        }
    }

    /** Likewise. */
    @Test
    void aSelectionInShardsIsHeldToWhereEachBeginsAndEnds() throws IOException {
        ShardedSelection selection = ShardedSelection.of(SEED);
        try (Tab tab = browser.open(page)) {
            PageVerifier verifier = new PageVerifier(tab, List.of(selection.base()));
            for (Mutation mutation : selection.mutations()) {
                String answer = verifier.to(List.of(mutation)).get(0).text();
                assertThat(PageVerifier.isAsExpected(answer, mutation.expected()))
                        .as("%s: %s", mutation, answer)
                        .isTrue();
            }
        }
    }

    /** Nobody says here what is right: they have to agree. Of two damages either may come upon either first. */
    @Test
    void bothSayTheSameOfGeneratedBundles() throws IOException {
        List<String> apart = new ArrayList<>();
        TreeMap<String, Integer> codes = new TreeMap<>();
        try (Tab tab = browser.open(page)) {
            PageVerifier verifier =
                    new PageVerifier(tab, Catalogue.of(SEED, 1).only("stream").bases());
            JavaAnswer java = new JavaAnswer(scratch);
            GeneratedBundles generated = new GeneratedBundles(SEED);
            for (int from = 0; from < GENERATED; from += AT_ONCE) {
                List<Mutation> some = new ArrayList<>();
                List<Integer> damages = new ArrayList<>();
                for (int i = from; i < Math.min(GENERATED, from + AT_ONCE); i++) {
                    GeneratedBundles.Generated one = generated.make(i);
                    some.add(one.asMutation("stream"));
                    damages.add(one.damages());
                }
                List<PageVerifier.Answer> answers = verifier.to(some);
                for (int i = 0; i < some.size(); i++) {
                    String others = java.to(some.get(i).content(), some.get(i).asked());
                    codes.merge(others.substring(0, 1), 1, Integer::sum);
                    PageVerifier.Answer ours = answers.get(i);
                    boolean agree = damages.get(i) < 2
                            ? alike(ours.text(), others)
                            : ours.text().charAt(0) == others.charAt(0);
                    if (!agree) {
                        apart.add(some.get(i).name() + ": the page says " + ours.text() + " (" + ours.message()
                                + "), Java says " + others);
                    }
                }
            }
        }
        assertThat(apart)
                .as("seed %s, %s bundles, codes %s", SEED, GENERATED, codes)
                .isEmpty();
        assertThat(codes).as("both kinds were made").containsKeys("0", "4");
    }

    /** In key-events/ proofs, entries and their count hang together, and either may name another of them first. */
    private static boolean alike(String one, String other) {
        String layer = "4 key-events ";
        return one.equals(other) || one.startsWith(layer) && other.startsWith(layer);
    }
}
