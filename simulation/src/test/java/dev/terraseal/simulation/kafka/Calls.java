package dev.terraseal.simulation.kafka;

import dev.terraseal.simulation.Call;
import dev.terraseal.simulation.Fault;
import dev.terraseal.simulation.Life;

/** Through which every call of a stand-in goes: what is wrong with it this time, and who dies of it. */
public interface Calls {
    /** What is done when the call goes through. */
    @FunctionalInterface
    interface Effect<T, E extends Exception> {
        T run() throws E;
    }

    /** What comes back instead of an answer. */
    @FunctionalInterface
    interface Failing<E extends Exception> {
        E of(Fault fault);
    }

    <T, E extends Exception> T make(Life life, Call call, Effect<T, E> effect, Failing<E> failing) throws E;

    /** Whether nothing goes wrong any more, and nobody dawdles. */
    boolean calm();

    /** Time passes in which this process only waits: others may do something, markers may arrive. */
    void idle(Life life, long millis);
}
