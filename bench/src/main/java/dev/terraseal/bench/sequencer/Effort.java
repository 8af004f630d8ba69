package dev.terraseal.bench.sequencer;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What processes have done since they began.
 *
 * @param processorNanos time on processors, of all threads, the compiler's and the collector's too
 * @param compilerMillis time the just-in-time compiler worked
 */
public record Effort(long processorNanos, long compilerMillis) {
    public static Effort here() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Effort(
                system.getProcessCpuTime(),
                ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
    }

    Effort plus(Effort other) {
        return new Effort(processorNanos + other.processorNanos, compilerMillis + other.compilerMillis);
    }

    public Effort since(Effort before) {
        return new Effort(processorNanos - before.processorNanos, compilerMillis - before.compilerMillis);
    }

    String line() {
        return processorNanos + " " + compilerMillis;
    }

    static Effort parse(String line) {
        String[] parts = line.split(" ");
        return new Effort(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }
}
