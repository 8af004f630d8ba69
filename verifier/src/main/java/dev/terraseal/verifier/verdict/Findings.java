package dev.terraseal.verifier.verdict;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects what the layers find. Each layer keeps its first findings whole and counts the rest, so memory stays flat. */
public class Findings {
    /** More of one layer tell a reader nothing new. */
    static final int KEPT_PER_LAYER = 200;

    private final boolean all;
    private final Map<Layer, List<Finding>> kept = new EnumMap<>(Layer.class);
    private final Map<Layer, Integer> failures = new EnumMap<>(Layer.class);
    private final Map<Layer, LayerResult> results = new EnumMap<>(Layer.class);

    /** {@code all}: go on after a failure and list every one, instead of the first. */
    public Findings(boolean all) {
        this.all = all;
    }

    public boolean listsAll() {
        return all;
    }

    public void add(Layer layer, FindingName name, String file, String message, String... details) {
        List<Finding> found = kept.computeIfAbsent(layer, any -> new ArrayList<>());
        if (name.isFailure()) {
            int before = failures.merge(layer, 1, Integer::sum) - 1;
            if (!all && before > 0) {
                return;
            }
        }
        if (found.size() < KEPT_PER_LAYER) {
            found.add(new Finding(layer, name, file, message, List.of(details)));
        }
    }

    public boolean failed(Layer layer) {
        return failures.containsKey(layer);
    }

    /** Whether a layer need not look any further: it failed and only the first failure is wanted. */
    public boolean isDecided(Layer layer) {
        return !all && failed(layer);
    }

    /** Whether this layer or one before it failed and only the first failure is wanted. */
    public boolean stopsAt(Layer layer) {
        if (all) {
            return false;
        }
        for (Layer failed : failures.keySet()) {
            if (failed.compareTo(layer) <= 0) {
                return true;
            }
        }
        return false;
    }

    /** The result of a layer, unless it failed: then that is its result. */
    public void conclude(LayerResult result) {
        results.put(result.layer(), failed(result.layer()) ? LayerResult.failed(result.layer()) : result);
    }

    public boolean anyFailure() {
        return !failures.isEmpty();
    }

    public List<Finding> of(Layer layer) {
        return kept.getOrDefault(layer, List.of());
    }

    /** How many failures of a layer were found beyond those kept. */
    public int beyondKept(Layer layer) {
        int found = failures.getOrDefault(layer, 0);
        int shown = 0;
        for (Finding finding : of(layer)) {
            shown += finding.name().isFailure() ? 1 : 0;
        }
        return all ? found - shown : 0;
    }

    /** Everything found, in the order of layers, up to the first failed layer unless all are wanted. */
    public List<Finding> inOrder() {
        List<Finding> out = new ArrayList<>();
        for (Layer layer : Layer.values()) {
            out.addAll(of(layer));
            if (beyondKept(layer) > 0) {
                out.add(new Finding(
                        layer, of(layer).get(0).name(), "", beyondKept(layer) + " more of this layer", List.of()));
            }
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
