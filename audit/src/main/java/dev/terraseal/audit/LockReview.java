package dev.terraseal.audit;

import dev.terraseal.store.ObjectLock;
import dev.terraseal.store.RetentionPolicy;
import dev.terraseal.store.VersionedStore;
import dev.terraseal.verifier.archive.MoreLayers.WhatWasRead;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The lock of every archived object against what log.json promised, and, if asked, longer and missing locks made. */
final class LockReview {
    private final VersionedStore store;
    private final WorkDirectory work;
    private final Parallel parallel;
    private final boolean extend;
    private final InstantSource clock;
    private final Map<String, ObjectLock> locks = new ConcurrentHashMap<>();
    private final Map<String, Instant> toLock = new ConcurrentHashMap<>();
    private int due;
    private @Nullable Instant dueFirst;
    private @Nullable Instant endsFirst;

    /**
     * What was looked at.
     *
     * @param endsFirst when the first lock ends, null if there is none
     * @param extended locks made, or made longer
     */
    record Summary(long objects, @Nullable Instant endsFirst, long extended) {}

    /**
     * A lock that is not as promised.
     *
     * @param needed whether it is newer entries that {@code promised} is about
     */
    private record Fault(StoreListing.Held held, ObjectLock lock, Instant promised, boolean needed) {}

    LockReview(VersionedStore store, WorkDirectory work, Parallel parallel, boolean extend, InstantSource clock) {
        this.store = store;
        this.work = work;
        this.parallel = parallel;
        this.extend = extend;
        this.clock = clock;
    }

    Summary judge(List<StoreListing.Held> archived, WhatWasRead read, Findings findings) throws IOException {
        parallel.each("locks", archived, this::look);
        RetentionPolicy policy = new RetentionPolicy(read.log().retention());
        Instant newest = newestWritten(archived);
        List<Fault> faults = new ArrayList<>();
        for (StoreListing.Held held : archived) {
            judgeOne(held, policy, newest, isNeededLater(held, read), faults);
        }
        // Before those of single objects: of a layer the first findings are kept, and this one is for all.
        if (due > 0 && !extend) {
            findings.add(
                    Layer.LOCKS,
                    FindingName.RETENTION_DUE,
                    "",
                    due + " objects that newer entries are proven with are locked until " + dueFirst
                            + " and later, the newest entries until " + policy.until(newest)
                            + ": terraseal audit --extend locks them as long");
        }
        for (Fault fault : faults) {
            report(fault, findings);
        }
        long extended = extend ? makeLocks(archived) : 0;
        findings.conclude(LayerResult.valid(
                Layer.LOCKS,
                archived.size() + " objects in COMPLIANCE mode, "
                        + (endsFirst == null ? "none" : "the first until " + endsFirst)
                        + (extended == 0 ? "" : "; " + extended + " locks extended")));
        return new Summary(archived.size(), endsFirst, extended);
    }

    private void look(StoreListing.Held held) throws IOException {
        String version = held.counting().id();
        Optional<ObjectLock> known = work.lock(held.name(), version);
        ObjectLock lock = known.isPresent()
                ? known.get()
                : store.lock(held.name(), version).orElse(ObjectLock.NONE);
        if (known.isEmpty()) {
            work.remember(held.name(), version, lock);
        }
        locks.put(held.name(), lock);
    }

    /** By the store's own clock, which also wrote every other date. */
    private static Instant newestWritten(List<StoreListing.Held> archived) {
        Instant newest = Instant.EPOCH;
        for (StoreListing.Held held : archived) {
            Instant written = held.counting().modified();
            newest = written.isAfter(newest) ? written : newest;
        }
        return newest;
    }

    private static boolean isNeededLater(StoreListing.Held held, WhatWasRead read) {
        return held.kind() == ObjectKind.NEEDED_LATER || read.keySegments().contains(held.name());
    }

    private void judgeOne(
            StoreListing.Held held, RetentionPolicy policy, Instant newest, boolean later, List<Fault> faults) {
        ObjectLock lock = locks.getOrDefault(held.name(), ObjectLock.NONE);
        Instant now = clock.instant();
        Instant written = held.counting().modified();
        Instant until = policy.until(later ? newest : written);
        Instant own = policy.atLeast(written);
        // Its own promise may be over long before that of the entries it proves.
        boolean needed = later && !policy.atLeast(newest).isBefore(now);
        Instant locked = lock.retainUntil();
        if (locked != null && lock.holdsUntil(needed && now.isAfter(own) ? now : own)) {
            endsFirst = earlier(endsFirst, locked);
            if (needed && policy.isDue(locked, newest)) {
                due++;
                dueFirst = earlier(dueFirst, locked);
                toLock.put(held.name(), until);
            }
            return;
        }
        Instant promised = needed ? policy.atLeast(newest) : own;
        if (promised.isBefore(now)) {
            // What it promised is over; that it is still there is more than that.
            return;
        }
        // What lies beside without a lock may be a stranger's, who is not to have it kept for him.
        if (locked != null || held.kind() != ObjectKind.BESIDE) {
            // A service refuses to make any lock shorter, one in GOVERNANCE mode too.
            toLock.put(held.name(), locked != null && locked.isAfter(until) ? locked : until);
        }
        faults.add(new Fault(held, lock, promised, needed));
    }

    private void report(Fault fault, Findings findings) {
        String name = fault.held().name();
        ObjectLock lock = fault.lock();
        String mended = extend ? "; it is being locked now" : "; terraseal audit --extend locks it";
        if (lock.mode() == ObjectLock.Mode.NONE) {
            boolean provable = fault.held().kind() != ObjectKind.BESIDE;
            findings.add(
                    Layer.LOCKS,
                    provable ? FindingName.NOT_LOCKED : FindingName.LEFT_OVER,
                    name,
                    name + " has no lock: "
                            + (provable
                                    ? "it can be deleted" + mended
                                    : "somebody else put it there, or took its lock away"));
        } else if (lock.mode() == ObjectLock.Mode.GOVERNANCE) {
            findings.add(
                    Layer.LOCKS,
                    FindingName.GOVERNANCE_LOCK,
                    name,
                    name + " is locked in GOVERNANCE mode, which a permission is enough to bypass" + mended);
        } else {
            findings.add(
                    Layer.LOCKS,
                    FindingName.RETENTION_SHORT,
                    name,
                    name + " is locked until " + lock.retainUntil()
                            + (fault.needed()
                                    ? "; newer entries are proven with it at least until "
                                    : "; the log promised at least ")
                            + fault.promised() + mended);
        }
    }

    private static Instant earlier(@Nullable Instant one, Instant two) {
        return one == null || two.isBefore(one) ? two : one;
    }

    private long makeLocks(List<StoreListing.Held> archived) throws IOException {
        List<StoreListing.Held> mended = new ArrayList<>();
        for (StoreListing.Held held : archived) {
            if (toLock.containsKey(held.name())) {
                mended.add(held);
            }
        }
        parallel.each("extending", mended, held -> {
            Instant until = toLock.getOrDefault(held.name(), clock.instant());
            store.extend(held.name(), held.counting().id(), until);
        });
        return mended.size();
    }
}
