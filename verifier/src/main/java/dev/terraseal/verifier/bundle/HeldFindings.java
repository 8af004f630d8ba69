package dev.terraseal.verifier.bundle;

import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.util.ArrayList;
import java.util.List;

/** What reading ahead finds, kept until it is due: findings come in the order of entries, however far ahead they are read. */
final class HeldFindings extends Findings {
    private List<Held> held = new ArrayList<>();

    /** One call of {@link #add}, to be made again. */
    private record Held(Layer layer, FindingName name, String file, String message, List<String> details) {}

    HeldFindings() {
        super(true);
    }

    @Override
    public void add(Layer layer, FindingName name, String file, String message, String... details) {
        held.add(new Held(layer, name, file, message, List.of(details)));
    }

    /** Takes what was found since the last call; running it tells {@code findings}. */
    Runnable takeFor(Findings findings) {
        List<Held> taken = held;
        if (taken.isEmpty()) {
            return () -> {};
        }
        held = new ArrayList<>();
        return () -> {
            for (Held each : taken) {
                findings.add(
                        each.layer(),
                        each.name(),
                        each.file(),
                        each.message(),
                        each.details().toArray(new String[0]));
            }
        };
    }
}
