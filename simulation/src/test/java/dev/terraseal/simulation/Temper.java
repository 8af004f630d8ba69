package dev.terraseal.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What kind of run a seed makes: how much goes wrong, which cell of the table is seen to, what is damaged beyond what is
 * promised. A function of the seed alone.
 *
 * @param aged whether the log has some 250 entries already: chunks in the sequencer's store, tiles about to become full
 */
record Temper(
        long seed,
        int steps,
        int faultsPerMille,
        Cell focus,
        boolean aged,
        boolean burst,
        boolean lies,
        Damage damage) {
    private static final int FOCUS_PER_MILLE = 400;
    /** For calls that are made once or twice in a run. */
    private static final int RARE_PER_MILLE = 900;

    private static final Set<Call> RARE =
            EnumSet.of(Call.SEQUENCER_SET_OFFSET, Call.ARCHIVER_DISCARD, Call.ARCHIVER_NAMES);
    /** Far beyond what anybody counts or takes from the date. */
    private static final long AIMED = 1L << 60;

    private static final int AIMED_EACH = 1_000;
    private static final int STRIDE = 7_919;
    private static final List<Cell> CELLS = cells();
    private static final int[] RATES = {0, 3, 8, 20};
    private static final int[] WEIGHTS = new int[Step.values().length];

    static {
        WEIGHTS[Step.SUBMIT.ordinal()] = 150;
        WEIGHTS[Step.TICK.ordinal()] = 25;
        WEIGHTS[Step.FOLLOW.ordinal()] = 25;
        WEIGHTS[Step.SEQUENCER.ordinal()] = 260;
        WEIGHTS[Step.SIGNER.ordinal()] = 190;
        WEIGHTS[Step.ARCHIVER.ordinal()] = 150;
        WEIGHTS[Step.BROKER.ordinal()] = 50;
        WEIGHTS[Step.CLOCK.ordinal()] = 15;
        WEIGHTS[Step.KILL.ordinal()] = 12;
        WEIGHTS[Step.POWER_LOSS.ordinal()] = 8;
        WEIGHTS[Step.SECOND.ordinal()] = 8;
        WEIGHTS[Step.STATE_LOST.ordinal()] = 6;
        WEIGHTS[Step.PLANT.ordinal()] = 15;
    }

    /** A cell of the table of what is covered: the one a seed sees to. */
    record Cell(Call call, Fault fault, Step step) {}

    private static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (Call call : Call.values()) {
            for (Fault fault : call.faults()) {
                for (Step step : Step.values()) {
                    cells.add(new Cell(call, fault, step));
                }
            }
        }
        return cells;
    }

    static Temper of(long seed) {
        int at = Math.floorMod(seed, 1_000_000);
        if (seed >= AIMED) {
            Cell cell = aimedAt(seed);
            return new Temper(seed, World.STEPS, RATES[at % 2], cell, atFullTile(cell), false, false, Damage.NONE);
        }
        // Neighbouring seeds look at cells far from each other, so that few seeds see a little of everything.
        Cell cell = CELLS.get((int) ((long) at * STRIDE % CELLS.size()));
        boolean atFullTile = atFullTile(cell);
        Damage damage = Damage.NONE;
        if (!atFullTile && at % 25 == 7) {
            damage = Damage.ROLLBACK;
        } else if (!atFullTile && at % 25 == 16) {
            damage = Damage.FOREIGN;
        }
        return new Temper(
                seed,
                World.STEPS,
                RATES[(at >> 2) % RATES.length],
                cell,
                atFullTile || at % 80 == 11,
                at % 20 == 4,
                at % 10 == 3,
                damage);
    }

    private static Cell aimedAt(long seed) {
        long cell = (seed - AIMED) / AIMED_EACH;
        if (cell >= CELLS.size()) {
            throw new IllegalArgumentException("there is no run of seed " + seed + ": from " + AIMED
                    + " on seeds see to one cell each, and the last that does is "
                    + aimed(CELLS.get(CELLS.size() - 1), AIMED_EACH - 1));
        }
        return CELLS.get((int) cell);
    }

    private static boolean atFullTile(Cell cell) {
        return cell.call() == Call.ARCHIVER_DISCARD || cell.call() == Call.ARCHIVER_NAMES;
    }

    /** The n-th of the seeds that see to a cell and to nothing else; {@code n} is below 1,000. */
    static long aimed(Cell cell, int n) {
        return AIMED + (long) CELLS.indexOf(cell) * AIMED_EACH + n;
    }

    /** Nothing goes wrong: how a log grows old. */
    static Temper quiet() {
        return new Temper(0, 0, 0, null, false, false, false, Damage.NONE);
    }

    Step step(Chance chance) {
        int all = 0;
        for (Step step : Step.values()) {
            all += weight(step);
        }
        int at = chance.below(all);
        for (Step step : Step.values()) {
            at -= weight(step);
            if (at < 0) {
                return step;
            }
        }
        throw new IllegalStateException("weights changed");
    }

    private int weight(Step step) {
        int weight = WEIGHTS[step.ordinal()];
        if (focus == null) {
            return step.ordinal() > Step.BROKER.ordinal() ? 0 : weight;
        }
        if (damage == Damage.ROLLBACK && step == Step.ARCHIVER) {
            return weight / 6; // The archive lags, so that the topics seem whole from where it stands.
        }
        return weight;
    }

    /**
     * What goes wrong with this call, null if nothing does.
     *
     * @param looking whether this run still has its cell to see to
     */
    Fault fault(Call call, Chance chance, boolean looking) {
        boolean focused = looking && focus != null && call == focus.call();
        int rate = faultsPerMille;
        if (focused) {
            rate = RARE.contains(call) ? RARE_PER_MILLE : FOCUS_PER_MILLE;
        }
        if (rate == 0 || !chance.perMille(rate)) {
            return null;
        }
        return focused && chance.below(4) > 0 ? focus.fault() : chance.of(List.copyOf(call.faults()));
    }
}
