package dev.terraseal.signer;

import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.Providers;
import dev.terraseal.signer.check.Floor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;

/** The production loop between topics in memory. */
final class Loops {
    private final Chained chained;
    private final MemoryTopics topics;
    private final Executor pool;
    private BatchShelf shelf = BatchShelf.NONE;
    private SigningForm form = SigningForm.each();
    private InstantSource clock = InstantSource.system();
    private Duration idle = SigningLoop.IDLE;
    private SigningWindow.Limits limits = new SigningWindow.Limits(32, 1 << 20, 1);
    private Executor commits = Runnable::run;

    Loops(Chained chained, MemoryTopics topics, Executor pool) {
        this.chained = chained;
        this.topics = topics;
        this.pool = pool;
    }

    Loops in(SigningForm newForm, BatchShelf newShelf) {
        form = newForm;
        shelf = newShelf;
        return this;
    }

    Loops at(InstantSource newClock) {
        clock = newClock;
        return this;
    }

    /** A turn never waits. */
    Loops atOnce() {
        idle = Duration.ZERO;
        return this;
    }

    Loops within(int statements, long bytes) {
        limits = new SigningWindow.Limits(statements, bytes, 1);
        return this;
    }

    /** Each thread signs so many, one after the other. */
    Loops together(int statements) {
        limits = new SigningWindow.Limits(limits.statements(), limits.bytes(), statements);
        return this;
    }

    /** Otherwise a turn that begins a transaction also ends it. */
    Loops committingOn(Executor executor) {
        commits = executor;
        return this;
    }

    SigningLoop loop(KeyInForce keys, Floor... floors) {
        SigningLoop.Ports ports = new SigningLoop.Ports(
                topics.input(),
                topics.output(),
                ring -> List.of(floors),
                shelf,
                pool,
                commits,
                clock,
                pause -> true,
                idle);
        AttestKeys attest = new AttestKeys(chained.log, keys, new SignatureChecker(Providers.fast()));
        return new SigningLoop(chained.log, ports, attest, form, limits, head -> {});
    }
}
