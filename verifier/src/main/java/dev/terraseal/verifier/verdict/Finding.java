package dev.terraseal.verifier.verdict;

import java.util.List;

/**
 * One thing found: which layer asked, what it is called, the file (or empty), one line for people, and lines that help to
 * find the cause.
 */
public record Finding(Layer layer, FindingName name, String file, String message, List<String> details) {
    public Finding {
        details = List.copyOf(details);
    }
}
