package dev.terraseal.simulation;

import dev.terraseal.simulation.kafka.Calls;

/** What can be wrong with a call, and what others do while one is under way. */
final class Faults implements Calls {
    /** Steps within steps: a call that waits lets others run, whose calls wait in turn. */
    private static final int DEEPEST = 2;
    /** After so many of the failure a run looks for, its log is left to grow. */
    private static final int LOOKS = 8;

    private static final int DAWDLES = 30;
    private static final int HANGS = 400;

    private final Site site;
    private final Steps steps;
    private boolean focused;
    private int looking = LOOKS;

    /** The run the calls are made in. */
    interface Steps {
        int depth();

        void another();
    }

    Faults(Site site, Steps steps) {
        this.site = site;
        this.steps = steps;
    }

    /** Whether the failure that this run looks for has just come; asked once after each. */
    boolean met() {
        boolean now = focused;
        focused = false;
        return now;
    }

    @Override
    public <T, E extends Exception> T make(Life life, Call call, Effect<T, E> effect, Failing<E> failing) throws E {
        requireAlive(life);
        site.time().pass(site.chance().below(3));
        Fault fault = site.calm() ? null : site.temper().fault(call, site.chance(), looking > 0);
        if (fault == null) {
            return effect.run();
        }
        note(call, fault);
        switch (fault) {
            case FAIL -> {
                return answer(failing, fault);
            }
            case TIME_OUT -> {
                site.time().pass(5_000);
                return answer(failing, fault);
            }
            case PERSISTED -> {
                effect.run();
                site.time().pass(5_000);
                return answer(failing, fault);
            }
            case DELAYED -> {
                others();
                requireAlive(life);
                return effect.run();
            }
            case DUPLICATED -> {
                T answer = effect.run();
                effect.run();
                return answer;
            }
            case CRASH_BEFORE -> {
                life.kill();
                throw new Crash("before " + call);
            }
            case CRASH_AFTER -> {
                effect.run();
                life.kill();
                throw new Crash("after " + call);
            }
        }
        throw new IllegalStateException("no such failure: " + fault);
    }

    private static <T, E extends Exception> T answer(Failing<E> failing, Fault fault) throws E {
        E failure = failing.of(fault);
        if (failure != null) {
            throw failure;
        }
        return null;
    }

    private static void requireAlive(Life life) {
        if (life.dead()) {
            throw new Crash("dead already");
        }
    }

    private void note(Call call, Fault fault) {
        site.coverage().met(call, fault);
        Temper.Cell focus = site.temper().focus();
        if (focus != null && call == focus.call() && fault == focus.fault()) {
            focused = true;
            looking--;
        }
        site.trace().add(call.ordinal() * 7L + fault.ordinal());
    }

    private void others() {
        if (steps.depth() > DEEPEST) {
            site.time().pass(500);
            return;
        }
        for (int i = 1 + site.chance().below(3); i > 0; i--) {
            steps.another();
        }
    }

    @Override
    public boolean calm() {
        return site.calm();
    }

    @Override
    public void idle(Life life, long millis) {
        requireAlive(life);
        int idled = life.idle();
        site.time().pass(Math.max(millis, idled > DAWDLES ? 100 : 0));
        if (site.chance().below(3) == 0 || idled > DAWDLES) {
            site.broker().work(1);
        }
        if (!site.calm() && steps.depth() <= DEEPEST && site.chance().below(12) == 0) {
            steps.another();
            requireAlive(life);
        }
        if (idled > HANGS) {
            // It waits for what another stage has to do first, and has the only thread: its keeper starts it again.
            life.kill();
            throw new Crash("waits for others");
        }
    }
}
