package dev.terraseal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import dev.terraseal.testkit.mutation.Base;
import dev.terraseal.testkit.mutation.Catalogue;
import dev.terraseal.testkit.mutation.Expected;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.verifier.bundle.JavaAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser and the Java verifier, asked the same about whole and broken bundles, say the same. */
class TwoVerifiersTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261129L);
    private static final int WANTED = Integer.getInteger("terraseal.page.mutations", 2_100);
    private static final int AT_ONCE = 20;

    @TempDir
    static Path scratch;

    private static Chromium browser;
    private static Path page;
    private static Catalogue catalogue;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        browser = Chromium.start();
        page = scratch.resolve("verify.html");
        Files.write(page, VerifyPage.bytes());
        catalogue = Catalogue.of(SEED, 1);
    }

    @AfterAll
    static void stop() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    /** As many as are wanted, spread evenly over the catalogue: half of them sealed anew, if there are so many. */
    private static List<Mutation> everyNth(List<Base> bases) {
        Set<String> names = bases.stream().map(Base::name).collect(Collectors.toSet());
        List<Mutation> all =
                catalogue.stream().filter(one -> names.contains(one.base())).toList();
        long resealed = all.stream().filter(Mutation::resealed).count();
        long wantedResealed = Math.min(resealed, WANTED / 2);
        double stepResealed = (double) resealed / wantedResealed;
        double stepAsIs = (double) (all.size() - resealed) / (WANTED - wantedResealed);
        List<Mutation> out = new ArrayList<>();
        double nextResealed = 0;
        double nextAsIs = 0;
        int seenResealed = 0;
        int seenAsIs = 0;
        for (Mutation mutation : all) {
            if (mutation.resealed() && seenResealed++ >= nextResealed) {
                nextResealed += stepResealed;
                out.add(mutation);
            } else if (!mutation.resealed() && seenAsIs++ >= nextAsIs) {
                nextAsIs += stepAsIs;
                out.add(mutation);
            }
        }
        return out;
    }

    private static Mutation whole(Base base) {
        return new Mutation(
                "whole", base.name(), false, new Mutation.Files(base.bundle()), base.asked(), Expected.unproven(""));
    }

    private static Mutation zipped(Base base) {
        Mutation.Files files = new Mutation.Files(base.bundle());
        return new Mutation(
                "zipped", base.name(), false, new Mutation.Zip(files.zip()), base.asked(), Expected.unproven(""));
    }

    /** The kinds of bundles that both read: every other is refused by at least one, which no mutation could show. */
    private static List<Base> readByBoth(PageVerifier verifier, JavaAnswer java) throws IOException {
        List<Base> out = new ArrayList<>();
        for (Base base : catalogue.bases()) {
            boolean held = true;
            for (Mutation bundle : List.of(whole(base), zipped(base))) {
                held &= verifier.to(List.of(bundle)).get(0).text().equals("0");
                held &= java.to(bundle.content(), bundle.asked()).equals("0");
            }
            if (held) {
                out.add(base);
            }
        }
        return out;
    }

    @Test
    void wholeBundlesHoldInBothAsDirectoryAndAsZip() throws IOException {
        try (Tab tab = browser.open(page)) {
            PageVerifier verifier = new PageVerifier(tab, catalogue.bases());
            assertThat(readByBoth(verifier, new JavaAnswer(scratch))).containsExactlyElementsOf(catalogue.bases());
        }
    }

    @Test
    void bothRefuseEveryBrokenBundleInTheSameLayerForTheSameReason() throws IOException {
        List<String> wrong = new ArrayList<>();
        TreeMap<String, Integer> table = new TreeMap<>();
        int agreed = 0;
        try (Tab tab = browser.open(page)) {
            PageVerifier verifier = new PageVerifier(tab, catalogue.bases());
            JavaAnswer java = new JavaAnswer(scratch);
            List<Mutation> mutations = everyNth(readByBoth(verifier, java));
            for (int from = 0; from < mutations.size(); from += AT_ONCE) {
                List<Mutation> some = mutations.subList(from, Math.min(mutations.size(), from + AT_ONCE));
                List<PageVerifier.Answer> answers = verifier.to(some);
                for (int i = 0; i < some.size(); i++) {
                    Mutation mutation = some.get(i);
                    PageVerifier.Answer answer = answers.get(i);
                    String others = java.to(mutation.content(), mutation.asked());
                    table.merge(answer.text(), 1, Integer::sum);
                    if (!isRight(mutation.expected(), answer, others)) {
                        wrong.add(mutation + ": the page says " + answer.text() + " (" + answer.message()
                                + "), Java says " + others + ", expected is " + mutation.expected());
                    } else {
                        agreed++;
                    }
                }
            }
        }
        write(table, agreed);
        assertThat(wrong).as("seed %s, %s agreed", SEED, agreed).isEmpty();
        assertThat(agreed).isGreaterThanOrEqualTo(2_000);
    }

    /**
     * Not left to what is drawn: a rotation or revocation left out, a thief, a forged authorisation, keys out of their time,
     * key events that lack a signature the trust file requires.
     */
    @Test
    void bothSayTheSameOfEveryKeyOutOfItsTime() throws IOException {
        List<Mutation> mutations = new ArrayList<>();
        for (Mutation mutation : catalogue.only("rotated", "rotated stream")) {
            if (mutation.name().startsWith("a log ") || mutation.name().startsWith("key events [")) {
                mutations.add(mutation);
            }
        }
        for (Mutation mutation : catalogue.only("signed twice")) {
            if (mutation.name().contains(" in key-events, ")) {
                mutations.add(mutation);
            }
        }
        assertThat(mutations).hasSizeGreaterThanOrEqualTo(33);
        try (Tab tab = browser.open(page)) {
            List<PageVerifier.Answer> answers = new PageVerifier(tab, catalogue.bases()).to(mutations);
            JavaAnswer java = new JavaAnswer(scratch);
            for (int i = 0; i < mutations.size(); i++) {
                Mutation mutation = mutations.get(i);
                String others = java.to(mutation.content(), mutation.asked());
                assertThat(isRight(mutation.expected(), answers.get(i), others))
                        .as("%s: the page says %s, Java says %s", mutation, answers.get(i), others)
                        .isTrue();
            }
        }
    }

    /** Both answer as the format has it: that they agree is not enough, for both may have missed the same. */
    private static boolean isRight(Expected expected, PageVerifier.Answer answer, String others) {
        return PageVerifier.isAsExpected(answer.text(), expected)
                && PageVerifier.isAsExpected(others, expected)
                && answer.notProven().contains(expected.notProven());
    }

    private static void write(Map<String, Integer> table, int agreed) throws IOException {
        StringBuilder out = new StringBuilder("seed " + SEED + ", " + agreed + " agreed\n");
        table.forEach((answer, count) -> out.append(String.format("%6d  %s%n", count, answer)));
        Path target = Path.of("target");
        Files.createDirectories(target);
        Files.writeString(target.resolve("two-verifiers.txt"), out);
    }
}
