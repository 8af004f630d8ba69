package dev.terraseal.simulation;

import dev.terraseal.simulation.invariants.Invariants;
import java.util.List;

/** Makes worlds. Each seed's is the same whichever came before it. */
final class Runs {
    private static final int ENTRIES = 250;
    private final EventPool pool = new EventPool();
    private World old;

    World world(long seed) {
        return world(seed, Defect.NONE, Invariants.all());
    }

    World world(long seed, Defect defect, List<Invariant> invariants) {
        Temper temper = Temper.of(seed);
        return new World(temper, defect, pool, invariants, temper.aged() ? old() : null);
    }

    /** A log that nothing ever happened to, with a full chunk in the sequencer's store and a tile that is nearly full. */
    private World old() {
        if (old == null) {
            // What is under way when it is told to rest is archived as well.
            for (int entries = ENTRIES; old == null || old.entries() > ENTRIES; entries -= 8) {
                old = new World(Temper.quiet(), Defect.NONE, pool, Invariants.all(), null);
                old.grow(entries);
            }
        }
        return old;
    }
}
