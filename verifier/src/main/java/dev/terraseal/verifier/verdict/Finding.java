package dev.terraseal.verifier.verdict;

import java.util.List;

/**
 * One thing found: which layer asked, what it is called, the file (or empty), one line for people, and lines that help to
 * find the cause.
 *
 * @param unkept how many more of its layer this line stands for, of which nothing else was kept; 0 for a thing found
 */
public record Finding(Layer layer, FindingName name, String file, String message, List<String> details, int unkept) {
    public Finding {
        details = List.copyOf(details);
    }

    public Finding(Layer layer, FindingName name, String file, String message, List<String> details) {
        this(layer, name, file, message, details, 0);
    }
}
