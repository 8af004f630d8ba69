package dev.terraseal.cli.up;

import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.keys.LogBirth;
import dev.terraseal.settings.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * What a log was asked to be at its birth, which fixes it; a log that is something else stops.
 *
 * @param heartbeat a heads entry at the latest so long after an entry
 * @param retention how long objects are locked
 */
public record Birth(Optional<LogOrigin> origin, Optional<Duration> heartbeat, Optional<Duration> retention) {

    /** In the place of what is no duration, which is noted. */
    private static final Duration OTHERWISE = Duration.ofDays(1);

    /** Reads {@code origin}, {@code heartbeat} and {@code retention}. What is wrong is noted in {@code settings}. */
    static Birth from(Settings settings) {
        return new Birth(origin(settings), heartbeat(settings), retention(settings));
    }

    private static Optional<Duration> heartbeat(Settings settings) {
        Optional<Duration> heartbeat = duration(settings, "heartbeat");
        if (!heartbeat.map(LogBirth::isHeartbeat).orElse(true)) {
            settings.problem("heartbeat", "is " + LogBirth.HEARTBEATS);
        }
        return heartbeat;
    }

    private static Optional<LogOrigin> origin(Settings settings) {
        try {
            return settings.optional("origin").map(LogOrigin::new);
        } catch (IllegalArgumentException wrong) {
            settings.problem("origin", String.valueOf(wrong.getMessage()));
            return Optional.empty();
        }
    }

    private static Optional<Duration> duration(Settings settings, String name) {
        return settings.optional(name).map(given -> settings.duration(name, OTHERWISE));
    }

    private static Optional<Duration> retention(Settings settings) {
        Optional<Duration> retention = duration(settings, "retention");
        if (!retention.map(LogBirth::isLockable).orElse(true)) {
            settings.problem("retention", "is " + LogBirth.LOCKABLE);
        }
        return retention;
    }

    /** How {@code log} differs from what was asked; empty if it does not. */
    public Optional<String> differs(LogDeclaration log) {
        if (origin.isPresent() && !origin.get().equals(log.origin())) {
            return Optional.of("the log " + log.origin() + ", not " + origin.get()
                    + ": a log keeps its name; leave --origin out, or take another --data");
        }
        if (heartbeat.isPresent() && !heartbeat.get().equals(log.heartbeat())) {
            return Optional.of("a log with a heartbeat of " + log.heartbeat().toSeconds() + " s, not "
                    + heartbeat.get().toSeconds() + ": it was fixed at its birth; leave --heartbeat out");
        }
        if (retention.isPresent() && retention.get().toDays() != log.retention().toDays()) {
            return Optional.of("a log that promises " + log.retention().toDays() + " days, not "
                    + retention.get().toDays()
                    + ": it was fixed at its birth; leave --retention out (terraseal audit --extend locks for longer)");
        }
        return Optional.empty();
    }
}
