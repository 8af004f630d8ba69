package dev.terraseal.archiver.witness;

import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.store.ArchiveStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The witnesses of one log, each asked by a thread of its own, so that one that does not answer holds up neither the log
 * nor the others. A checkpoint is offered once it is in the archive; what comes back is taken from here.
 */
public final class Witnesses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Witnesses.class);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final WitnessSettings settings;
    private final WitnessRequests requests;
    private final InstantSource clock;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<VerifierKey, WitnessRound> rounds = new LinkedHashMap<>();
    /** Of the newest checkpoint: the last line of each witness. */
    private final Map<VerifierKey, SignatureLine> lines = new LinkedHashMap<>();

    private @Nullable Offered newest;
    private boolean fresh;
    private boolean stopping;

    /** A checkpoint with the log's own line. */
    private record Offered(SignedNote note, long size) {}

    public Witnesses(
            WitnessSettings settings,
            LogDeclaration log,
            ArchiveStore store,
            SignatureChecker checker,
            InstantSource clock) {
        this.settings = settings;
        this.requests = new WitnessRequests(new WitnessClient(checker), store, log.retention(), clock);
        this.clock = clock;
        for (WitnessSettings.Witness witness : settings.witnesses()) {
            WitnessRound round = new WitnessRound(settings.interval(), log.heartbeat());
            rounds.put(witness.key(), round);
            Thread thread = new Thread(
                    () -> run(witness, round),
                    "terraseal-witness-" + witness.key().name());
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    public void start() {
        threads.forEach(Thread::start);
    }

    /** A checkpoint that is in the archive and was announced. Older ones are not asked about any more. */
    public synchronized void offer(SignedNote note, long size) {
        Offered before = newest;
        if (before == null || size > before.size()) {
            newest = new Offered(note.firstLineOnly(), size);
            lines.clear();
            fresh = false;
            notifyAll();
        }
    }

    /** The newest checkpoint with its cosignatures, once for every line that came. */
    public synchronized Optional<SignedNote> takeCosigned() {
        Offered offered = newest;
        if (!fresh || offered == null) {
            return Optional.empty();
        }
        fresh = false;
        SignedNote note = offered.note();
        for (SignatureLine line : lines.values()) {
            note = note.with(line);
        }
        return Optional.of(note);
    }

    /** The size that a quorum has cosigned, −1 if there is none in this process. */
    public synchronized long quorumSize() {
        long quorum = -1;
        for (WitnessRound each : rounds.values()) {
            long reached = each.cosignedSize();
            List<VerifierKey> there = new ArrayList<>();
            rounds.forEach((key, round) -> {
                if (reached >= 0 && round.cosignedSize() >= reached) {
                    there.add(key);
                }
            });
            quorum = settings.policy().isMetBy(there) ? Math.max(quorum, reached) : quorum;
        }
        return quorum;
    }

    /** How many witnesses did not cosign when they were last asked. */
    public synchronized long troubled() {
        return rounds.values().stream().filter(each -> each.trouble() != null).count();
    }

    private void run(WitnessSettings.Witness witness, WitnessRound round) {
        try {
            for (Offered due = awaitDue(round); due != null; due = awaitDue(round)) {
                ask(witness, round, due);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException unexpected) {
            LOG.error("action=witness name={} result=stopped", witness.key().name(), unexpected);
        }
    }

    /** The checkpoint to ask about, as soon as it is time to; null if that is never. */
    private synchronized @Nullable Offered awaitDue(WitnessRound round) throws InterruptedException {
        while (!stopping) {
            Offered offered = newest;
            if (offered == null) {
                wait();
                continue;
            }
            Duration left = round.until(offered.size(), clock.instant());
            if (left.isZero()) {
                return offered;
            }
            // Not longer than a second at a time: the clock may be set meanwhile, and a machine may sleep.
            wait(Math.min(LOOK.toMillis(), Math.max(1, left.toMillis())));
        }
        return null;
    }

    private void ask(WitnessSettings.Witness witness, WitnessRound round, Offered due) throws InterruptedException {
        long known;
        synchronized (this) {
            known = Math.max(0, round.cosignedSize());
        }
        try {
            cosigned(witness, round, due, requests.cosign(witness, due.note(), known));
        } catch (WitnessException failure) {
            if (failure.isRefusal()) {
                LOG.error("action=witness result=refused reason=\"{}\"", failure.getMessage());
            } else {
                LOG.warn("action=witness result=waits reason=\"{}\"", failure.getMessage());
            }
            synchronized (this) {
                round.failed(failure, clock.instant());
            }
        }
    }

    private synchronized void cosigned(
            WitnessSettings.Witness witness, WitnessRound round, Offered due, SignatureLine line) {
        Instant now = clock.instant();
        boolean again = round.trouble() != null;
        round.cosigned(due.size(), now);
        if (again) {
            LOG.info(
                    "action=witness name={} result=cosigned size={}",
                    witness.key().name(),
                    due.size());
        }
        if (due.equals(newest)) {
            lines.put(witness.key(), line);
            fresh = true;
        }
    }

    /** Ends without waiting for answers: nothing depends on them. */
    @Override
    public void close() {
        synchronized (this) {
            stopping = true;
            notifyAll();
        }
        threads.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + CLOSE.toNanos();
        for (Thread thread : threads) {
            try {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
