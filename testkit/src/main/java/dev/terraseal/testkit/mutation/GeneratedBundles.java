package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Bundles of random logs, some true and some broken in random ways, with no expectation: two verifiers have to give the same
 * exit code and, where one thing is broken, the same layer and finding. The seed and the number say which one it was.
 */
public final class GeneratedBundles {
    private final long seed;

    public GeneratedBundles(long seed) {
        this.seed = seed;
    }

    /**
     * One bundle; {@code name} says how to make it again.
     *
     * @param damages in how many places it was broken: of two, either verifier may come upon either first
     */
    public record Generated(String name, BundleBytes bundle, Asked asked, int damages) {
        /** As a mutation of {@code base}, which it may have nothing in common with; what is right is not known. */
        public Mutation asMutation(String base) {
            return new Mutation(name, base, false, new Mutation.Files(bundle), asked, Expected.unproven(""));
        }
    }

    /** The bundle of a number. */
    public Generated make(int number) {
        Random random = new Random(seed * 1_000_003 + number);
        LogFixture log = log(random);
        StringBuilder name = new StringBuilder("seed " + seed + " number " + number + ": ");
        BundleBytes bundle = export(log, random, name);
        Asked asked = Asked.under(log.log().genesis());
        if (random.nextInt(8) == 0) {
            long size = log.size() + random.nextInt(3) - 1L;
            asked = asked.atLeast(size);
            name.append(", at least ").append(size);
        }
        int damages = random.nextInt(4) % 3;
        boolean structured = random.nextBoolean();
        for (int i = 0; i < damages; i++) {
            bundle = structured
                    ? StructureEdits.broken(bundle, export(log, random, new StringBuilder()), random, name)
                    : broken(bundle, random, name);
        }
        if (damages > 0 && (structured || random.nextInt(3) > 0)) {
            bundle = bundle.sealedBy(log.exportKey());
            name.append(", resealed");
        }
        return new Generated(name.toString(), bundle, asked, damages);
    }

    private static LogFixture log(Random random) {
        LogFixture log = LogFixture.seeded("terraseal.local/generated", random.nextInt(1 << 20));
        int steps = 2 + random.nextInt(8);
        boolean rotated = false;
        log.apply(Logs.PROD, 1, 2);
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(6)) {
                case 0 -> log.batch(Logs.DEV, 2 + random.nextInt(5));
                case 1 -> log.heads();
                case 2 -> {
                    if (!rotated) {
                        log.rotateAttestKey();
                        rotated = true;
                    }
                }
                case 3 -> log.apply("team-" + random.nextInt(3) + "/x", i, i + 1);
                default -> log.apply(Logs.PROD, i + 2, i + 3);
            }
        }
        if (rotated && random.nextBoolean()) {
            log.revokeFirstAttestKey(9999);
        }
        return log.heads();
    }

    private static BundleBytes export(LogFixture log, Random random, StringBuilder name) {
        FixtureExport export = FixtureExport.of(log);
        if (random.nextInt(3) == 0) {
            export.withDerivedFiles();
        }
        if (random.nextInt(4) == 0) {
            export.from(1 + random.nextInt(log.size()));
        }
        switch (random.nextInt(4)) {
            case 0 -> {
                name.append("whole");
                return export.whole();
            }
            case 1 -> {
                int first = random.nextInt(log.size());
                int end = first + 1 + random.nextInt(log.size() - first);
                name.append("range ").append(first).append(" to ").append(end);
                return export.range(first, end);
            }
            case 2 -> {
                List<Integer> some = new ArrayList<>();
                for (int i = 0; i < log.size(); i++) {
                    if (random.nextBoolean() || some.isEmpty() && i == log.size() - 1) {
                        some.add(i);
                    }
                }
                name.append("filter ").append(some);
                return export.filter(some);
            }
            default -> {
                String stream = List.of(Logs.PROD, Logs.DEV, "team-1/x", "zeta").get(random.nextInt(4));
                name.append("stream ").append(stream);
                return export.stream(stream);
            }
        }
    }

    private static BundleBytes broken(BundleBytes bundle, Random random, StringBuilder name) {
        List<String> names = bundle.names();
        String file = names.get(random.nextInt(names.size()));
        Bytes content = bundle.get(file);
        switch (random.nextInt(5)) {
            case 0 -> {
                name.append(", no ").append(file);
                return names.size() > 1 ? bundle.without(file) : bundle;
            }
            case 1 -> {
                String other = names.get(random.nextInt(names.size()));
                name.append(", ").append(file).append(" holds ").append(other);
                return bundle.with(file, bundle.get(other));
            }
            case 2 -> {
                int at = random.nextInt(content.length() + 1);
                name.append(", ").append(file).append(" cut at ").append(at);
                return bundle.with(file, content.slice(0, at));
            }
            default -> {
                if (content.isEmpty()) {
                    return bundle;
                }
                int at = random.nextInt(content.length());
                name.append(", ").append(file).append(" byte ").append(at).append(" turned");
                return bundle.with(file, Draft.flipped(content, at, random.nextInt(8)));
            }
        }
    }
}
