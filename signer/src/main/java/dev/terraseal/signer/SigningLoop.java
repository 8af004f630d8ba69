package dev.terraseal.signer;

import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.signer.AttestationOutput.FencedException;
import dev.terraseal.signer.SignerStatus.Phase;
import dev.terraseal.signer.check.Entry;
import dev.terraseal.signer.check.FloorCheck;
import dev.terraseal.signer.check.LinkCheck;
import dev.terraseal.signer.check.RefusedEntryException;
import dev.terraseal.signer.check.Takeover;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From taking over to a failure or a stop. The order in {@link #advance} is the whole of it: check, sign with many calls in
 * flight, write the finished prefix in a transaction of milliseconds while the next entries are checked and signed; a batch
 * is a transaction of its own. If the process dies
 *
 * <ul>
 *   <li>before the commit: the signatures are discarded with the transaction and made again at the next start ({@link
 *       SignBatch} says what becomes of a batch);
 *   <li>after it: the next start finds them at the end of {@code attestations} and goes on behind them.
 * </ul>
 */
final class SigningLoop {
    /** How long a turn waits for something to do, unless it is told otherwise. */
    static final Duration IDLE = Duration.ofMillis(200);

    private static final Logger LOG = LoggerFactory.getLogger(SigningLoop.class);

    private final LogDeclaration log;
    private final EntryInput input;
    private final AttestationOutput output;
    private final FloorSource floors;
    private final AttestKeys keys;
    private final KeyLookup lookup;
    private final InstantSource clock;
    private final SigningWindow window;
    private final Batching batching;
    private final Consumer<LogHead> onCommitted;
    private final Duration idle;
    private final ArrayDeque<Entry> pending = new ArrayDeque<>();
    private final Bell bell;
    private final Commits commits;
    private @Nullable RefusedEntryException refusal;
    private @Nullable LogHead taken;
    private @Nullable Course course;
    private long begun;
    private volatile boolean stopping;
    private volatile Phase phase = Phase.STARTING;
    /** −1 before it is known what is signed. */
    private volatile long next = -1;

    /** What is signed already, and the head that what comes next must extend. */
    private record Course(Takeover takeover, LinkCheck links) {}

    /**
     * What a loop reads, writes and calls.
     *
     * @param shelf asked only where {@link SigningForm#mayBatch}
     * @param pool runs the calls to the key; as many at a time as it has threads
     * @param commits runs the transactions, one at a time
     * @param idle how long a turn waits for entries or for a signature, if there is nothing else to do
     */
    record Ports(
            EntryInput input,
            AttestationOutput output,
            FloorSource floors,
            BatchShelf shelf,
            Executor pool,
            Executor commits,
            InstantSource clock,
            SigningWindow.Pause pause,
            Duration idle) {}

    /** @param onCommitted told what is signed after each commit */
    SigningLoop(
            LogDeclaration log,
            Ports ports,
            AttestKeys keys,
            SigningForm form,
            SigningWindow.Limits limits,
            Consumer<LogHead> onCommitted) {
        this.log = log;
        this.input = ports.input();
        this.output = ports.output();
        this.floors = ports.floors();
        this.keys = keys;
        this.lookup = new KeyLookup(keys);
        this.clock = ports.clock();
        this.bell = new Bell(input::wake);
        this.commits = new Commits(output, ports.commits(), bell::ring);
        this.window = new SigningWindow(ports.pool(), limits, ports.pause(), this::headDone);
        this.batching = new Batching(
                log, ports.shelf(), form, window, limits, ports.clock().millis());
        this.onCommitted = onCommitted;
        this.idle = ports.idle();
    }

    /** Returns only after {@link #stop}; what is in flight then is signed again at the next start. */
    void run() throws RefusedEntryException, SigningException, FencedException {
        try {
            while (!stopping) {
                turn();
            }
        } catch (RuntimeException passing) {
            // That another signer took over counts more: this one must not begin again.
            end();
            throw passing;
        }
        end();
    }

    private void end() throws FencedException {
        commits.awaitEnd();
        settle();
    }

    /** Takes over where that was not done yet, else does the next thing there is to do. One thread. */
    void turn() throws RefusedEntryException, SigningException, FencedException {
        Course now = course;
        if (now == null) {
            LogHead signed = taken == null ? takeOver() : taken;
            taken = signed;
            course = stopping ? null : begin(signed);
        } else {
            advance(now);
        }
    }

    private LogHead takeOver() throws RefusedEntryException {
        begun = System.nanoTime();
        LogHead signed = output.takeOver();
        next = signed.size();
        // After older signers were shut out: what they signed, and the key events in it, is all there.
        keys.learn(input.keyEvents(keys.known()));
        catchUp(signed);
        phase = Phase.STARTING;
        input.seek(new Takeover(signed).begin());
        return signed;
    }

    /** Null while the key service does not answer. Asked before the first entry comes: a missing key is seen at the start. */
    private @Nullable Course begin(LogHead signed) throws RefusedEntryException {
        bell.hush();
        List<MessageSigner> signers = lookup.at(signed.next(), clock.millis());
        if (signers == null) {
            awaitBell();
            return null;
        }
        phase = Phase.SIGNING;
        LOG.info(
                "event=signer_ready log={} next={} key={} algorithm={} millis={}",
                log.origin(),
                next,
                signers.stream().map(each -> each.key().keyid().hex()).collect(Collectors.joining(",")),
                signers.stream().map(each -> each.key().algorithm().name()).collect(Collectors.joining(",")),
                (System.nanoTime() - begun) / 1_000_000);
        return new Course(new Takeover(signed), new LinkCheck(log, signed));
    }

    /** Ends {@link #run} soon. From any thread. */
    void stop() {
        stopping = true;
        window.close();
        bell.ring();
        input.wake();
    }

    SignerStatus status() {
        SigningWindow.PutOff putOff = window.putOff().and(lookup.putOff());
        long after = next;
        return new SignerStatus(
                phase,
                Math.max(0, after),
                after < 0 ? SignerStatus.UNKNOWN : input.behind(after),
                window.size() + batching.waiting() + pending.size(),
                putOff.count(),
                putOff.last(),
                batching.inBatches());
    }

    /** Reads up to the highest floor before anything below it is signed again. */
    private void catchUp(LogHead signed) throws RefusedEntryException {
        FloorCheck check = FloorCheck.above(log, signed, floors.read(keys.ring()));
        if (check.done()) {
            return;
        }
        phase = Phase.CATCHING_UP;
        input.seek(check.next());
        while (!check.done() && !stopping) {
            for (Entry entry : input.poll(idle)) {
                if (!check.done()) {
                    check.accept(entry);
                }
            }
        }
    }

    private void advance(Course now) throws RefusedEntryException, SigningException, FencedException {
        bell.hush();
        settle();
        // Before more is checked: what is finished is written meanwhile.
        boolean wrote = write();
        admit(now.takeover(), now.links());
        batching.begin(clock.millis(), refusal != null);
        if (wrote || commits.idle() && batching.takeBack()) {
            return;
        }
        if (refusal != null && window.isEmpty() && commits.idle()) {
            throw refusal;
        }
        if (refusal == null && pending.isEmpty()) {
            read();
        } else {
            awaitBell();
        }
    }

    /** Begins a transaction, if none is under way and something is finished. Without a thread of its own it has then ended. */
    private boolean write() throws SigningException, FencedException {
        if (!commits.idle()) {
            return false;
        }
        List<Signed> finished = window.takeFinished();
        if (finished.isEmpty()) {
            return false;
        }
        commits.begin(finished);
        settle();
        return true;
    }

    /** Takes note of a transaction that has ended. */
    private void settle() throws FencedException {
        Signed last = commits.takeEnd();
        if (last != null) {
            next = last.statement().sequence().value() + 1;
            onCommitted.accept(new LogHead(
                    log.origin(), log.genesis(), next, last.statement().entryHash()));
        }
    }

    /** Checks what was read. What is good before an entry that is refused, or whose key is waited for, is signed and written. */
    private void admit(Takeover takeover, LinkCheck links) {
        while (refusal == null && !pending.isEmpty() && batching.hasRoom()) {
            Entry entry = pending.element();
            try {
                if (!takeover.signed(entry)) {
                    List<MessageSigner> signers = lookup.at(links.head().next(), clock.millis());
                    if (signers == null) {
                        return;
                    }
                    Statement statement = links.accept(entry);
                    keys.take(entry.offset(), statement);
                    batching.admit(new Admitted(entry.source(), statement, signers, keys.ring()), clock.millis());
                }
                pending.remove();
            } catch (RefusedEntryException refused) {
                refusal = refused;
            }
        }
    }

    /** Blocks until entries come, a signature that may be written is there or a transaction ended, whichever is first. */
    private void read() {
        try {
            pending.addAll(input.poll(bell.beginReading() ? batching.untilDue(clock.millis(), idle) : Duration.ZERO));
        } catch (RefusedEntryException malformed) {
            refusal = malformed;
        } finally {
            bell.endReading();
        }
    }

    /** During a transaction nothing can be written, and its end rings. */
    private void headDone() {
        if (commits.idle()) {
            bell.ring();
        }
    }

    private void awaitBell() {
        if (!bell.await(idle.toMillis())) {
            stopping = true;
        }
    }
}
