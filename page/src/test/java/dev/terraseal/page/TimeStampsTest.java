package dev.terraseal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.timestamp.StampName;
import dev.terraseal.core.timestamp.TimeStampToken;
import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.mutation.Asked;
import dev.terraseal.testkit.mutation.Base;
import dev.terraseal.testkit.mutation.Catalogue;
import dev.terraseal.testkit.mutation.Expected;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.testkit.mutation.QuotedHeads;
import dev.terraseal.testkit.mutation.RenewedStamps;
import dev.terraseal.testkit.tools.Tool;
import dev.terraseal.testkit.tsa.OpensslAuthority;
import dev.terraseal.verifier.AskedOptions;
import dev.terraseal.verifier.VerifyMain;
import dev.terraseal.verifier.bundle.JavaAnswer;
import dev.terraseal.verifier.time.Interval;
import dev.terraseal.verifier.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Time-stamp tokens in a real browser: the page says of every one, whole or broken, what the Java verifier says. */
class TimeStampsTest {
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

    @Test
    void bothSayTheSameOfEveryToken() throws IOException {
        Catalogue stamped = Catalogue.of(20261129L, 1).only("stamped", "stamped stream");
        List<Mutation> all = new ArrayList<>();
        for (Base base : stamped.bases()) {
            Mutation.Content whole = new Mutation.Files(base.bundle());
            all.add(new Mutation("whole", base.name(), true, whole, base.asked(), Expected.unproven("")));
            Asked plain = Asked.under(base.asked().genesis());
            all.add(new Mutation("nobody named", base.name(), true, whole, plain, Expected.unproven("when anything")));
        }
        stamped.forEach(all::add);
        assertThat(all).hasSizeGreaterThan(150);
        agree(stamped.bases(), all);
    }

    @Test
    void bothCountATokenOfABrokenAlgorithmThatWasRenewedBefore() throws IOException {
        RenewedStamps renewed = RenewedStamps.of(7);
        Base base = renewed.base();
        List<Mutation> all = new ArrayList<>(renewed.mutations());
        Mutation.Content whole = new Mutation.Files(base.bundle());
        all.add(new Mutation("whole", base.name(), true, whole, base.asked(), Expected.unproven("")));
        agree(List.of(base), all);
    }

    @Test
    void bothGiveEveryEntryTheSameInterval() throws IOException {
        List<Base> bases = new ArrayList<>(
                Catalogue.of(20261129L, 1).only("stamped", "stamped stream").bases());
        bases.add(QuotedHeads.cosignedAt(Instant.parse("2026-11-22T01:02:30Z"), 1));
        bases.add(QuotedHeads.cosignedAt(Instant.parse("2026-11-22T01:20:00Z"), 1));
        List<Mutation> whole = new ArrayList<>();
        for (Base base : bases) {
            whole.add(new Mutation(
                    "whole",
                    base.name(),
                    true,
                    new Mutation.Files(base.bundle()),
                    base.asked(),
                    Expected.unproven("")));
        }
        try (Tab tab = browser.open(page)) {
            List<PageVerifier.Answer> answers = new PageVerifier(tab, bases).to(whole);
            for (int i = 0; i < bases.size(); i++) {
                Path directory = scratch.resolve("whole" + i);
                bases.get(i).bundle().write(directory);
                Verdict verdict = VerifyMain.judge(
                        directory, AskedOptions.question(bases.get(i).asked(), scratch), new RememberingChecker());
                assertThat(answers.get(i).intervals())
                        .isNotEmpty()
                        .isEqualTo(
                                verdict.intervals().stream().map(Interval::text).toList());
                assertThat(answers.get(i).world())
                        .isEqualTo(verdict.findings().stream()
                                .map(finding -> finding.layer().code() + " "
                                        + finding.name().code() + " " + finding.message())
                                .toList());
            }
            assertThat(answers.get(3).world()).hasSize(3);
        }
    }

    @Test
    void bothAcceptTokensThatOpensslMade() throws IOException, InterruptedException {
        Tool.require("openssl");
        OpensslAuthority openssl = OpensslAuthority.begin(scratch.resolve("tsa"));
        LogFixture log = LogFixture.seeded("terraseal.local/stamped", 5);
        log.apply("acme/prod", 1, 2).apply("acme/prod", 2, 3).heads();
        Bytes note = log.checkpoint(log.size()).bytes();
        List<Base> bases = new ArrayList<>();
        List<Mutation> all = new ArrayList<>();
        for (OpensslAuthority.Kind kind : OpensslAuthority.Kind.values()) {
            Bytes token = openssl.stamp(note, kind);
            BundleBytes bundle = FixtureExport.of(log)
                    .stamped(log.size(), name(token, note), data -> token)
                    .whole();
            Asked asked = Asked.under(log.log().genesis()).trusting(trust(log, openssl.rootPem()));
            bases.add(new Base(kind.name(), log, log, log, bundle, List.of(0, 1, 2), asked));
            all.add(new Mutation("whole", kind.name(), true, new Mutation.Files(bundle), asked, Expected.unproven("")));
        }
        agree(bases, all);
    }

    private static String name(Bytes token, Bytes note) {
        try {
            String file = StampName.of(
                            3, "openssl", TimeStampToken.open(token, note).time())
                    .text();
            return file.substring(file.lastIndexOf('/') + 1, file.length() - ".tsr".length());
        } catch (dev.terraseal.core.timestamp.TokenException
                | dev.terraseal.core.timestamp.UncheckableTokenException refused) {
            throw new IllegalStateException(refused);
        }
    }

    private static Bytes trust(LogFixture log, String root) {
        Json.Obj authority = Json.obj()
                .put("root", root)
                .put("policy", OpensslAuthority.POLICY)
                .build();
        return Json.obj()
                .put("format", 1)
                .put("origin", log.log().origin().value())
                .put("genesis", log.log().genesis())
                .put("timeAuthorities", Json.arr(List.of(authority)))
                .build()
                .bytes();
    }

    private static void agree(List<Base> bases, List<Mutation> all) throws IOException {
        List<String> wrong = new ArrayList<>();
        try (Tab tab = browser.open(page)) {
            List<PageVerifier.Answer> answers = new PageVerifier(tab, bases).to(all);
            JavaAnswer java = new JavaAnswer(scratch);
            for (int i = 0; i < all.size(); i++) {
                Mutation mutation = all.get(i);
                String others = java.to(mutation.content(), mutation.asked());
                PageVerifier.Answer answer = answers.get(i);
                boolean right = PageVerifier.isAsExpected(answer.text(), mutation.expected())
                        && PageVerifier.isAsExpected(others, mutation.expected())
                        && answer.notProven().contains(mutation.expected().notProven());
                if (!right) {
                    wrong.add(mutation + ": the page says " + answer.text() + " (" + answer.message() + "), Java says "
                            + others);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }
}
