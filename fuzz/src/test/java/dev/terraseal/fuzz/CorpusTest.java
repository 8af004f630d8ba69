package dev.terraseal.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the fuzzer found worth keeping, and some thousand broken neighbours of what is right, through every reader. */
class CorpusTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261129);
    private static final int BROKEN = 2_000;
    private static final int BROKEN_FILES = 150;

    @ParameterizedTest
    @EnumSource(Target.class)
    void everyReaderTakesWhatIsRightAndRefusesTheRestAsItSays(Target target) throws IOException {
        List<byte[]> right = Seeds.right(target);
        assertThat(right)
                .isNotEmpty()
                .allSatisfy(each -> assertThat(takes(target, each)).isTrue());
        int kept = replay(target);
        Random random = new Random(SEED);
        boolean wholeFile = target == Target.BUNDLE || target == Target.RECEIPT_FILE || target == Target.TRUST_FILE;
        int count = wholeFile ? BROKEN_FILES : BROKEN;
        int taken = 0;
        for (int i = 0; i < count; i++) {
            taken += takes(target, broken(right.get(random.nextInt(right.size())), random)) ? 1 : 0;
        }
        System.out.printf(
                "corpus: %-13s %d right, %d kept, %d broken (%d of them taken), seed %d%n",
                target, right.size(), kept, count, taken, SEED);
    }

    private static int replay(Target target) throws IOException {
        Path corpus = Seeds.corpus(target);
        if (!Files.isDirectory(corpus)) {
            return 0;
        }
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
