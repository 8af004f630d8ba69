package dev.terraseal.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What keeps one version from being deleted.
 *
 * @param retainUntil null where nothing does
 */
public record ObjectLock(Mode mode, @Nullable Instant retainUntil) {
    public static final ObjectLock NONE = new ObjectLock(Mode.NONE, null);

    /** Who can end it before its time. */
    public enum Mode {
        /** Nobody, the owner of the account included. */
        COMPLIANCE,
        /** Whoever has the permission to bypass it. */
        GOVERNANCE,
        /** Whoever may delete. */
        NONE
    }

    public ObjectLock {
        if ((mode == Mode.NONE) != (retainUntil == null)) {
            throw new IllegalArgumentException("a lock has a date, and nothing else has one");
        }
    }

    /** Whether nobody can delete the version before {@code instant}. */
    public boolean holdsUntil(Instant instant) {
        return mode == Mode.COMPLIANCE && retainUntil != null && !retainUntil.isBefore(instant);
    }
}
