package dev.terraseal.schemas.json;

import dev.terraseal.core.bytes.Excerpt;
import dev.terraseal.core.statement.RejectionReason;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with one event of a request, in the order in which it was found. */
final class Problems {
    /** Of a request: nobody reads more, and one of errors must not become an answer many times its size. */
    static final int KEPT_MAX = 100;

    private final int most;
    private final List<EventProblem> found = new ArrayList<>();

    /** @param most how many are kept; the first one always is, for an event without any is none that is refused */
    Problems(int most) {
        this.most = Math.max(1, most);
    }

    void add(String pointer, RejectionReason reason, String message) {
        if (found.size() < most) {
            found.add(new EventProblem(pointer, reason, Excerpt.of(message, 1000)));
        }
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<EventProblem> found() {
        return List.copyOf(found);
    }

    /** The pointer to a member or item of what {@code parent} points to. */
    static String pointer(String parent, String segment) {
        return parent + "/" + Excerpt.of(segment, 120).replace("~", "~0").replace("/", "~1");
    }

    /** Text from outside, short enough for a message. */
    static String shown(String text) {
        return Excerpt.of(text, 80);
    }
}
