package dev.terraseal.simulation.invariants;

import dev.terraseal.simulation.Invariant;
import java.util.List;

/** All of them, fresh for a run. */
public final class Invariants {
    private Invariants() {}

    public static List<Invariant> all() {
        return List.of(
                new Dense(),
                new Chained(),
                new Once(),
                new AcknowledgedKept(),
                new AnswersTrue(),
                new OneHistory(),
                new StopsAtForks(),
                new NotAhead(),
                new BytesKept(),
                new Deterministic(),
                new NothingSecret());
    }
}
