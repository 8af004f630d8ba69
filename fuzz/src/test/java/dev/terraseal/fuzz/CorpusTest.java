package dev.terraseal.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.SignatureChecker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the fuzzer found worth keeping, and some thousand broken neighbours of what is right, through every reader. */
class CorpusTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261129);
    private static final int BROKEN = 2_000;
    private static final int BROKEN_FILES = 150;
    private static final Set<Target> WHOLE_FILES =
            Set.of(Target.BUNDLE, Target.BUNDLE_INNER, Target.RECEIPT_FILE, Target.TRUST_FILE);

    @ParameterizedTest
    @EnumSource(Target.class)
    void everyReaderTakesWhatIsRightAndRefusesTheRestAsItSays(Target target) throws IOException {
        List<byte[]> right = Seeds.right(target);
        assertThat(right)
                .isNotEmpty()
                .allSatisfy(each -> assertThat(takes(target, each)).isTrue());
        int kept = replay(target);
        Random random = new Random(SEED);
        int count = WHOLE_FILES.contains(target) ? BROKEN_FILES : BROKEN;
        int taken = 0;
        for (int i = 0; i < count; i++) {
            taken += takes(target, broken(right.get(random.nextInt(right.size())), random)) ? 1 : 0;
        }
        System.out.printf(
                "corpus: %-13s %d right, %d kept, %d broken (%d of them taken), seed %d%n",
                target, right.size(), kept, count, taken, SEED);
    }

    /** A target that was given another name would leave what was found for it behind, and nobody would read it. */
    @Test
    void everyTargetHasACorpusAndEveryCorpusATarget() throws IOException {
        Set<Path> corpora = new TreeSet<>();
        for (Target target : Target.values()) {
            corpora.add(Seeds.corpus(target));
        }
        try (Stream<Path> kept = Files.list(Seeds.corpus(Target.JSON).getParent())) {
            assertThat(kept).containsExactlyInAnyOrderElementsOf(corpora);
        }
        for (Path corpus : corpora) {
            assertThat(corpus).isNotEmptyDirectory();
        }
    }

    /** A verifier that breaks down ends with a code and a last line as well; to take that for an answer hides every bug. */
    @Test
    void aVerifierThatBreaksDownIsABug() throws IOException {
        SignatureChecker broken = new SignatureChecker(null) {
            @Override
            public boolean verify(DeclaredKey key, Bytes message, Bytes signature) {
                throw new IllegalStateException("planted");
            }
        };
        SignatureChecker hungry = new SignatureChecker(null) {
            @Override
            public boolean verify(DeclaredKey key, Bytes message, Bytes signature) {
                throw new OutOfMemoryError("planted");
            }
        };
        Bytes bundle = Bytes.wrap(Seeds.right(Target.BUNDLE).get(0));
        assertThatThrownBy(() -> WholeFiles.verify(bundle, "bundle.zip", broken))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("planted");
        assertThatThrownBy(() -> WholeFiles.verify(bundle, "bundle.zip", hungry))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("too little memory");
    }

    @Test
    void whatVerifyRefusesCountsAsRefused() throws IOException {
        byte[] cut = Arrays.copyOf(Seeds.right(Target.BUNDLE).get(0), 1_000);
        assertThat(takes(Target.BUNDLE, cut)).isFalse();
    }

    private static int replay(Target target) throws IOException {
        Path corpus = Seeds.corpus(target);
        int kept = 0;
        try (Stream<Path> files = Files.list(corpus)) {
            for (Path file : files.sorted().toList()) {
                boolean unused = takes(target, Files.readAllBytes(file));
                kept++;
            }
        }
        return kept;
    }

    private static boolean takes(Target target, byte[] input) {
        try {
            return target.takes(input);
        } catch (RuntimeException | Error bug) {
            return fail(
                    target + " on "
                            + java.util.HexFormat.of().formatHex(Arrays.copyOf(input, Math.min(600, input.length))),
                    bug);
        }
    }

    private static byte[] broken(byte[] right, Random random) {
        byte[] out = right.clone();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            out = once(out, random);
        }
        return out;
    }

    private static byte[] once(byte[] in, Random random) {
        if (in.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        int at = random.nextInt(in.length);
        byte[] out = in.clone();
        switch (random.nextInt(5)) {
            case 0 -> out[at] = (byte) random.nextInt(256);
            case 1 -> out[at] = in[random.nextInt(in.length)];
            case 2 -> out = Arrays.copyOf(in, at);
            case 3 -> {
                out = Arrays.copyOf(in, in.length + 1);
                System.arraycopy(in, at, out, at + 1, in.length - at);
            }
            default -> {
                out = Arrays.copyOf(in, in.length - 1);
                System.arraycopy(in, at + 1, out, at, in.length - at - 1);
            }
        }
        return out;
    }
}
