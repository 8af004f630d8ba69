package dev.terraseal.testkit.mutation;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All mutations of all bundles for a seed, made as they are asked for. The same seed gives the same catalogue on every
 * machine.
 */
public final class Catalogue implements Iterable<Mutation> {
    /** What breaks files from outside breaks every bundle alike. */
    private static final List<String> FROM_OUTSIDE = List.of("whole", "filter", "stream", "small");

    private final long seed;
    private final int weight;
    private final List<String> names;
    /** Made when they are first asked for. */
    private @Nullable List<Base> bases;

    private Catalogue(long seed, int weight, List<String> names) {
        this.seed = seed;
        this.weight = weight;
        this.names = names;
    }

    /** {@code weight} is how many random places are tried in each file: 1 for a quick look, 12 for the whole suite. */
    public static Catalogue of(long seed, int weight) {
        return new Catalogue(seed, weight, Bases.names());
    }

    /** A bundle in shards, of more than 10,000 entries: it and each of its mutations take a second, so they are apart. */
    public static Base sharded(long seed) {
        return Bases.sharded(seed);
    }

    /** The mutations of {@link #sharded}. */
    public static List<Mutation> ofShards(Base sharded, long seed) {
        Draft draft = new Draft(sharded, seed, 1);
        ShardEdits.add(draft);
        return draft.mutations();
    }

    /** A selection in shards. */
    public static Base shardedSelection(long seed) {
        return Bases.shardedSelection(seed);
    }

    /** The mutations of {@link #shardedSelection}. */
    public static List<Mutation> ofShardedSelection(Base sharded, long seed) {
        Draft draft = new Draft(sharded, seed, 1);
        ShardEdits.addOfSelection(draft);
        return draft.mutations();
    }

    /** The mutations of the bases of these names alone. */
    public Catalogue only(String... wanted) {
        return new Catalogue(seed, weight, List.of(wanted));
    }

    /** The bundles before they are broken: a verifier that refuses one of them proves nothing by refusing the rest. */
    public List<Base> bases() {
        if (bases == null) {
            bases = Bases.of(seed, names);
        }
        return bases;
    }

    @Override
    public Iterator<Mutation> iterator() {
        return stream().iterator();
    }

    public Stream<Mutation> stream() {
        return bases().stream().flatMap(base -> of(base).stream());
    }

    private List<Mutation> of(Base base) {
        Draft draft = new Draft(base, seed, weight);
        if (base.name().startsWith(TokenEdits.BASE)) {
            // All else is broken in their like without tokens, which are slow to check.
            TokenEdits.add(draft);
            return draft.mutations();
        }
        if (FROM_OUTSIDE.contains(base.name())) {
            FileMutations.add(draft);
            ZipMutations.add(draft);
        }
        SealedBytes.add(draft);
        ParserMutations.add(draft);
        EntryEdits.add(draft);
        SignatureEdits.add(draft);
        SignatureForms.add(draft);
        LatticeEdits.add(draft);
        HeadEdits.add(draft);
        StreamEdits.add(draft);
        KeyEventEdits.add(draft);
        DerivedEdits.add(draft);
        PopulationEdits.add(draft);
        Omissions.add(draft);
        WitnessEdits.add(draft);
        WrongLogs.add(draft);
        return draft.mutations();
    }
}
