package dev.terraseal.simulation;

import java.util.ArrayList;
import java.util.List;

/** How often each kind of failure met each call, and what the world did next. */
public final class Coverage {
    private final long[][][] counts = new long[Call.values().length][Fault.values().length][Step.values().length];
    private final List<int[]> open = new ArrayList<>();
    private long faults;
    private long crashes;

    void met(Call call, Fault fault) {
        open.add(new int[] {call.ordinal(), fault.ordinal()});
        faults++;
        if (fault == Fault.CRASH_BEFORE || fault == Fault.CRASH_AFTER) {
            crashes++;
        }
    }

    void next(Step step) {
        for (int[] cell : open) {
            counts[cell[0]][cell[1]][step.ordinal()]++;
        }
        open.clear();
    }

    /** The run is over; what came last had no next step. */
    void end() {
        open.clear();
    }

    boolean has(Temper.Cell cell) {
        return counts[cell.call().ordinal()][cell.fault().ordinal()][cell.step().ordinal()] > 0;
    }

    public void add(Coverage other) {
        for (int c = 0; c < counts.length; c++) {
            for (int f = 0; f < counts[c].length; f++) {
                for (int s = 0; s < counts[c][f].length; s++) {
                    counts[c][f][s] += other.counts[c][f][s];
                }
            }
        }
        faults += other.faults;
        crashes += other.crashes;
    }

    public long faults() {
        return faults;
    }

    public long crashes() {
        return crashes;
    }

    /** Cells that can occur and did not. */
    List<Temper.Cell> empty() {
        List<Temper.Cell> empty = new ArrayList<>();
        for (Call call : Call.values()) {
            for (Fault fault : call.faults()) {
                for (Step step : Step.values()) {
                    if (counts[call.ordinal()][fault.ordinal()][step.ordinal()] == 0) {
                        empty.add(new Temper.Cell(call, fault, step));
                    }
                }
            }
        }
        return empty;
    }

    /** A row for each call and kind of failure, a column for each next step; "-" where it cannot occur. */
    public String table() {
        StringBuilder out = new StringBuilder();
        out.append(String.format("%-22s%-14s", "call", "failure"));
        for (Step step : Step.values()) {
            out.append(String.format("%11s", step.name().toLowerCase(java.util.Locale.ROOT)));
        }
        out.append('\n');
        for (Call call : Call.values()) {
            for (Fault fault : Fault.values()) {
                out.append(String.format("%-22s%-14s", lower(call), lower(fault)));
                if (call.faults().contains(fault)) {
                    for (Step step : Step.values()) {
                        out.append(String.format("%11d", counts[call.ordinal()][fault.ordinal()][step.ordinal()]));
                    }
                } else {
                    out.append("          - never: ").append(call.never(fault));
                }
                out.append('\n');
            }
        }
        return out.toString();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
