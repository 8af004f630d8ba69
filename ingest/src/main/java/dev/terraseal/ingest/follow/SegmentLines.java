package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A segment's text and where its lines are, for whoever wants some of them: each is read when it is asked for. */
public final class SegmentLines {
    private final Bytes content;
    private final long first;
    /** Where each line ends. */
    private final List<Integer> ends = new ArrayList<>();

    SegmentLines(Bytes content, long first) {
        this.content = content;
        this.first = first;
        for (int at = 0; at < content.length(); at++) {
            if (content.at(at) == '\n') {
                ends.add(at);
            }
        }
    }

    /** The entry's line; empty where this is no segment of it. */
    public Optional<ArchivedEntries.Line> at(SequenceNumber sequence) {
        long index = sequence.value() - first;
        if (index < 0 || index >= ends.size()) {
            return Optional.empty();
        }
        int begin = index == 0 ? 0 : ends.get((int) index - 1) + 1;
        return ArchivedEntries.line(content.slice(begin, ends.get((int) index)), sequence);
    }
}
