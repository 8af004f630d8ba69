package dev.terraseal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.mutation.Asked;
import dev.terraseal.testkit.mutation.Base;
import dev.terraseal.testkit.mutation.Catalogue;
import dev.terraseal.testkit.mutation.Expected;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.verifier.bundle.JavaAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page with one check taken out is found, because the other verifier goes on refusing what it accepts. */
class PlantedBugTest {
    private static final int AT_ONCE = 20;
    private static final int ONE_IN = 40;

    @TempDir
    Path scratch;

    /** A source, the words of the check, and what stands there instead. */
    private record Bug(String name, String source, String check, String instead) {}

    private static final long SEED = Long.getLong("terraseal.seed", 20261129L);

    private static final List<Bug> BUGS = List.of(
            new Bug("the seal is not checked", "sums.js", "!(await key.verify(sums, signature))", "false"),
            new Bug("file hashes are not compared", "sums.js", "if (digest !== expected) {", "if (false) {"),
            new Bug(
                    "strangers are welcome",
                    "sums.js",
                    "if (!listed.has(name)) {",
                    "if (!listed.has(name)) {} else if (false) {"),
            new Bug(
                    "the local headers of a zip are not read",
                    "zip.js",
                    "if (!sameBytes(await blobBytes(blob, at, member.begin), expected)) {",
                    "if (false) {"),
            new Bug("members of JSON in any order", "json.js", "if (last !== null && name <= last) {", "if (false) {"),
            new Bug(
                    "any genesis will do",
                    "verify.js",
                    "if (trust !== null && trust.genesis !== log.genesis) {",
                    "if (false) {"),
            new Bug(
                    "signatures are not checked",
                    "signatures.js",
                    "if (!(await key.verify(message, sig))) {",
                    "if (false) {"),
            new Bug("the root is not compared", "head.js", "if (!sameBytes(root, head.root)) {", "if (false) {"),
            new Bug("counts are believed", "derived.js", "if (jcs(said) !== text) {", "if (false) {"));

    @Test
    void everyPlantedBugIsFoundByDisagreement() throws IOException, InterruptedException {
        Catalogue catalogue = Catalogue.of(SEED, 1);
        Base base = catalogue.bases().stream()
                .filter(one -> one.name().equals("range"))
                .findFirst()
                .orElseThrow();
        List<Mutation> mutations = new ArrayList<>();
        // Drawn: every n-th would meet the order in which the catalogue lists what is sealed again.
        Random draw = new Random(SEED);
        for (Mutation mutation : catalogue) {
            if (draw.nextInt(ONE_IN) == 0) {
                mutations.add(mutation);
            }
        }
        mutations.addAll(
                0,
                List.of(
                        otherSeal(base),
                        otherGenesis(base),
                        unordered(base),
                        otherRoot(base),
                        otherSignature(base),
                        otherCounts(base)));
        JavaAnswer java = new JavaAnswer(scratch);
        try (Chromium browser = Chromium.start()) {
            Path whole = Files.write(scratch.resolve("whole.html"), VerifyPage.bytes());
            try (Tab tab = browser.open(whole)) {
                assertThat(firstDisagreement(new PageVerifier(tab, catalogue.bases()), java, mutations))
                        .as("the page as it is")
                        .isEmpty();
            }
            for (Bug bug : BUGS) {
                try (Tab tab = browser.open(pageWith(bug))) {
                    assertThat(firstDisagreement(new PageVerifier(tab, catalogue.bases()), java, mutations))
                            .as("%s, seed %d", bug.name(), SEED)
                            .isNotEmpty();
                }
            }
        }
    }

    /** A signature by the right key, over something else. */
    private static Mutation otherSeal(Base base) {
        BundleBytes broken = base.bundle()
                .with("SHA256SUMS.sig", base.fixture().exportKey().signOrFail(Bytes.utf8("another bundle")));
        return new Mutation(
                "another seal",
                base.name(),
                false,
                new Mutation.Files(broken),
                base.asked(),
                Expected.refused("seal", "bad-seal"));
    }

    private static Mutation otherGenesis(Base base) {
        return new Mutation(
                "another genesis",
                base.name(),
                false,
                new Mutation.Files(base.bundle()),
                Asked.under(base.other().log().genesis()),
                Expected.refused("declaration", "wrong-genesis"));
    }

    /** The first member of manifest.json behind the last. */
    private static Mutation unordered(Base base) {
        String text = base.bundle().text("manifest.json");
        int comma = text.indexOf(',');
        String turned = "{" + text.substring(comma + 1, text.length() - 1) + "," + text.substring(1, comma) + "}";
        return resealed(
                base, base.bundle().with("manifest.json", turned), Expected.refused("declaration", "malformed"));
    }

    /** The head of another history, by the right key, and nothing that would give it away but the proof. */
    private static Mutation otherRoot(Base base) {
        BundleBytes forged = base.bundle();
        for (String name : forged.names("proofs/consistency/")) {
            forged = forged.without(name);
        }
        int size = base.fixture().size();
        return resealed(
                base,
                forged.with("checkpoint", base.fork().checkpoint(size).bytes()),
                Expected.refused("inclusion", "not-included"));
    }

    /** An entry with the signature of another one, by the same key. */
    private static Mutation otherSignature(Base base) {
        List<String> lines = new ArrayList<>(base.bundle().lines("signatures.jsonl"));
        Pattern own = Pattern.compile("\"keyid\":\"([0-9a-f]{64})\",\"sig\":\"([^\"]+)\"");
        Map<String, String> signatures = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher found = own.matcher(lines.get(i));
            if (found.find() && signatures.putIfAbsent(found.group(1), found.group(2)) != null) {
                lines.set(i, lines.get(i).replace(found.group(2), signatures.get(found.group(1))));
                return resealed(
                        base,
                        base.bundle().withLines("signatures.jsonl", lines),
                        Expected.refused("signatures", "bad-signature"));
            }
        }
        throw new IllegalStateException("no two entries of this base are signed by one key");
    }

    /** A manifest that counts an outcome nine times more than there is. */
    private static Mutation otherCounts(Base base) {
        String counted = base.bundle().text("manifest.json").replaceFirst("(\"countByOutcome\":[{]\"[a-z]+\":)", "$19");
        return resealed(
                base, base.bundle().with("manifest.json", counted), Expected.refused("derived", "count-mismatch"));
    }

    private static Mutation resealed(Base base, BundleBytes broken, Expected expected) {
        Mutation.Files files = new Mutation.Files(broken.sealedBy(base.fixture().exportKey()));
        return new Mutation("by hand", base.name(), true, files, base.asked(), expected);
    }

    private static String firstDisagreement(PageVerifier verifier, JavaAnswer java, List<Mutation> mutations)
            throws IOException {
        for (int from = 0; from < mutations.size(); from += AT_ONCE) {
            List<Mutation> some = mutations.subList(from, Math.min(mutations.size(), from + AT_ONCE));
            List<PageVerifier.Answer> answers = verifier.to(some);
            for (int i = 0; i < some.size(); i++) {
                Mutation mutation = some.get(i);
                if (!PageVerifier.isAsExpected(answers.get(i).text(), mutation.expected())
                        && PageVerifier.isAsExpected(
                                java.to(mutation.content(), mutation.asked()), mutation.expected())) {
                    return mutation + ": the page says " + answers.get(i).text();
                }
            }
        }
        return "";
    }

    private Path pageWith(Bug bug) throws IOException {
        Path sources = scratch.resolve("sources " + bug.name());
        Path whole = Path.of("src/main/page");
        try (Stream<Path> all = Files.walk(whole)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path copy = sources.resolve(whole.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        Path source = sources.resolve("script").resolve(bug.source());
        String text = Files.readString(source);
        assertThat(text).as("the check is where the test thinks it is").contains(bug.check());
        Files.writeString(source, text.replace(bug.check(), bug.instead()));
        return Files.writeString(scratch.resolve(bug.name() + ".html"), new PageAssembler(sources, "planted").page());
    }
}
