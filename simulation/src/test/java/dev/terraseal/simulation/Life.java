package dev.terraseal.simulation;

/** One run of one process, from its start to its end. What a process does after its end does not reach anybody. */
public final class Life {
    private final String name;
    private boolean dead;
    private int busy;
    private int idled;

    Life(String name) {
        this.name = name;
    }

    public boolean dead() {
        return dead;
    }

    public void kill() {
        dead = true;
    }

    boolean busy() {
        return busy > 0;
    }

    void enter() {
        busy++;
        idled = 0;
    }

    /** How often it waited since its turn began. */
    int idle() {
        return ++idled;
    }

    void leave() {
        busy--;
    }

    @Override
    public String toString() {
        return name;
    }
}
