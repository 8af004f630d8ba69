package dev.terraseal.simulation.kafka;

/** One transaction as one partition sees it: open until the marker arrives here. */
public final class Span {
    /** What the partition knows of it. */
    public enum State {
        OPEN,
        COMMITTED,
        ABORTED
    }

    final String owner;
    final long first;
    State state = State.OPEN;
    /** What the coordinator decided, whether or not the marker is here. */
    State decided = State.OPEN;

    Span(String owner, long first) {
        this.owner = owner;
        this.first = first;
    }

    Span(Span other) {
        this(other.owner, other.first);
        this.state = other.state;
        this.decided = other.decided;
    }

    public State state() {
        return state;
    }

    public boolean abortedOrWillBe() {
        return state == State.ABORTED || decided == State.ABORTED;
    }
}
