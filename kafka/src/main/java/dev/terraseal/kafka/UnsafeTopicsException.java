package dev.terraseal.kafka;

import java.util.List;
import java.util.stream.Collectors;

/** The topics could lose evidence, so nothing may start on them. The message lists every finding with its mend. */
public final class UnsafeTopicsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<TopicFinding> findings;

    public UnsafeTopicsException(List<TopicFinding> findings) {
        super(findings.stream().map(TopicFinding::text).collect(Collectors.joining("\n")));
        this.findings = List.copyOf(findings);
    }

    public List<TopicFinding> findings() {
        return findings;
    }
}
