package dev.terraseal.verifier.verdict;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects what the layers find. Each layer keeps its first findings whole and counts the rest, so memory stays flat. What
 * the verdict is follows from the counts and never from what is kept: else two hundred wrong clocks would hide a forgery.
 */
public class Findings {
    /** More of one kind in a layer tell a reader nothing new; of failures and of findings about the world so many each. */
    static final int KEPT_PER_LAYER = 200;

    private final boolean all;
    private final Map<Layer, List<Finding>> kept = new EnumMap<>(Layer.class);
    private final Map<Layer, Count> counts = new EnumMap<>(Layer.class);
    private final Map<FindingName, Integer> names = new EnumMap<>(FindingName.class);
    private final Map<Layer, LayerResult> results = new EnumMap<>(Layer.class);

    /** What a layer found: failures, things that could not be checked, findings about the world. */
    private static final class Count {
        private int failures;
        private int unknown;
        private int world;

        /** Takes one into account and says whether it is among those that are shown. */
        boolean takes(FindingName name, boolean all) {
            if (!name.isFailure()) {
                return world++ < KEPT_PER_LAYER;
            }
            int before = failures + unknown;
            if (name == FindingName.NOT_CHECKABLE) {
                unknown++;
                return before < (all ? KEPT_PER_LAYER : 1);
            }
            // The first is the answer, whatever stands before it.
            return failures++ == 0 || all && before < KEPT_PER_LAYER;
        }

        int beyond(List<Finding> kept, boolean failing) {
            int shown = 0;
            for (Finding finding : kept) {
                shown += finding.name().isFailure() == failing ? 1 : 0;
            }
            return (failing ? failures + unknown : world) - shown;
        }
    }

    /** {@code all}: go on after a failure and list every one, instead of the first. */
    public Findings(boolean all) {
        this.all = all;
    }

    public boolean listsAll() {
        return all;
    }

    public void add(Layer layer, FindingName name, String file, String message, String... details) {
        names.merge(name, 1, Integer::sum);
        if (counts.computeIfAbsent(layer, any -> new Count()).takes(name, all)) {
            kept.computeIfAbsent(layer, any -> new ArrayList<>())
                    .add(new Finding(layer, name, file, message, List.of(details)));
        }
    }

    /** Whether something in a layer is wrong, or could not be checked: it is not to be called valid. */
    public boolean failed(Layer layer) {
        Count count = counts.get(layer);
        return count != null && count.failures + count.unknown > 0;
    }

    /** Whether something in a layer is wrong, and not only beyond what can be checked here. */
    public boolean refused(Layer layer) {
        Count count = counts.get(layer);
        return count != null && count.failures > 0;
    }

    /** Whether a layer need not look any further: something in it is wrong and only the first failure is wanted. */
    public boolean isDecided(Layer layer) {
        return !all && refused(layer);
    }

    /** Whether something in this layer or one before it is wrong and only the first failure is wanted. */
    public boolean stopsAt(Layer layer) {
        if (all) {
            return false;
        }
        for (Layer each : counts.keySet()) {
            if (each.compareTo(layer) <= 0 && refused(each)) {
                return true;
            }
        }
        return false;
    }

    /** The result of a layer, unless it failed: then that is its result. */
    public void conclude(LayerResult result) {
        results.put(result.layer(), failed(result.layer()) ? LayerResult.failed(result.layer()) : result);
    }

    /** A layer that nobody concluded holds nothing: where nothing else is wrong, that is no answer. */
    public void requireConcluded(Set<Layer> layers) {
        if (anyFailure()) {
            return;
        }
        for (Layer layer : layers) {
            if (!results.containsKey(layer)) {
                add(layer, FindingName.NOT_CHECKABLE, "", layer.title() + ": the verifier came to no conclusion");
            }
        }
    }

    /** Whether anything failed or could not be checked. */
    public boolean anyFailure() {
        return counts.keySet().stream().anyMatch(this::failed);
    }

    /** Whether anything is wrong, and not only beyond what can be checked here. */
    public boolean anyRefusal() {
        return counts.keySet().stream().anyMatch(this::refused);
    }

    /** How many were found under each name, those that are not kept among them. */
    public Map<FindingName, Integer> perName() {
        return Map.copyOf(names);
    }

    public List<Finding> of(Layer layer) {
        return kept.getOrDefault(layer, List.of());
    }

    /** How many of a layer were found beyond those kept; where only the first failure is wanted, no more of those. */
    public int beyondKept(Layer layer) {
        return beyond(layer, true) + beyond(layer, false);
    }

    private int beyond(Layer layer, boolean failing) {
        Count count = counts.get(layer);
        return count == null || failing && !all ? 0 : count.beyond(of(layer), failing);
    }

    private void addBeyond(Layer layer, boolean failing, List<Finding> out) {
        int beyond = beyond(layer, failing);
        if (beyond > 0) {
            FindingName name = of(layer).stream()
                    .map(Finding::name)
                    .filter(each -> each.isFailure() == failing)
                    .findFirst()
                    .orElseThrow();
            out.add(new Finding(layer, name, "", beyond + " more of this layer", List.of(), beyond));
        }
    }

    /** Everything found, in the order of layers, up to the first failed layer unless all are wanted. */
    public List<Finding> inOrder() {
        List<Finding> out = new ArrayList<>();
        for (Layer layer : Layer.values()) {
            out.addAll(of(layer));
            addBeyond(layer, true, out);
            addBeyond(layer, false, out);
            if (stopsAt(layer)) {
                break;
            }
        }
        return out;
    }

    /** The layers' answers in order, up to the first failed one unless all are wanted. */
    public List<LayerResult> layers() {
        List<LayerResult> out = new ArrayList<>();
        for (Layer layer : Layer.values()) {
            LayerResult result = results.get(layer);
            if (result == null && failed(layer)) {
                result = LayerResult.failed(layer);
            }
            if (result != null) {
                out.add(result);
            }
            if (stopsAt(layer)) {
                break;
            }
        }
        return out;
    }
}
