package dev.terraseal.verifier.entries;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Checks signatures on every processor, a bounded number at a time, and reports them in the order they came in. A bare
 * JDK 17 checks 900 P-256 signatures a second on one.
 */
public final class SignatureQueue {
    private static final int ITEMS_MAX = 256;
    private static final long BYTES_MAX = 8 << 20;
    /** Fewer are checked at once than threads would take to start. */
    private static final int FEW = 16;
    /** What each processor gets at a time: small enough that none waits long for another. */
    private static final int SHARES = 4;

    private final Findings findings;
    private final SignatureChecker checker;
    private final Workers workers;
    private List<Item> waiting = new ArrayList<>();
    private long waitingBytes;
    private List<Item> asked = List.of();
    private List<Future<List<Answer>>> answers = List.of();

    /** Something that takes long to find out and depends on nothing that is found out later. */
    interface Check {
        Answer ask(SignatureChecker checker);
    }

    private record Item(Layer layer, String file, Check check) {}

    /** The answer to one item: null when it holds. */
    record Answer(@Nullable FindingName name, String message) {
        static final Answer HOLDS = new Answer(null, "");
    }

    public SignatureQueue(Findings findings, SignatureChecker checker, Workers workers) {
        this.findings = findings;
        this.checker = checker;
        this.workers = workers;
    }

    public SignatureChecker checker() {
        return checker;
    }

    /** The threads that this verification shares. */
    public Workers workers() {
        return workers;
    }

    public void add(Layer layer, String file, DeclaredKey key, Bytes message, Bytes signature) {
        add(layer, file, message.length(), new ByKey(key, message, signature));
    }

    /** @param bytes how much the check keeps in memory */
    void add(Layer layer, String file, long bytes, Check check) {
        waiting.add(new Item(layer, file, check));
        waitingBytes += bytes;
        if (waiting.size() >= ITEMS_MAX || waitingBytes >= BYTES_MAX) {
            hear();
            askAll();
        }
    }

    /** Something that is known already; it comes after the answers to what was added before. */
    void found(Layer layer, FindingName name, String file, String message) {
        if (waiting.isEmpty() && asked.isEmpty()) {
            findings.add(layer, name, file, message);
        } else {
            Answer answer = new Answer(name, message);
            add(layer, file, message.length(), any -> answer);
        }
    }

    /** Waits for all that were added. */
    public void flush() {
        hear();
        if (waiting.size() <= FEW) {
            for (Item item : waiting) {
                report(item, item.check().ask(checker));
            }
            waiting = new ArrayList<>();
            waitingBytes = 0;
        } else {
            askAll();
            hear();
        }
    }

    /** Hands all that wait to the workers, while more is being read. */
    private void askAll() {
        List<Item> items = waiting;
        int share = Math.max(1, items.size() / (SHARES * workers.count()));
        List<Future<List<Answer>>> futures = new ArrayList<>();
        for (int from = 0; from < items.size(); from += share) {
            List<Item> some = items.subList(from, Math.min(from + share, items.size()));
            futures.add(workers.submit(() -> ask(some)));
        }
        asked = items;
        answers = futures;
        waiting = new ArrayList<>(ITEMS_MAX);
        waitingBytes = 0;
    }

    private List<Answer> ask(List<Item> items) {
        List<Answer> out = new ArrayList<>(items.size());
        for (Item item : items) {
            out.add(item.check().ask(checker));
        }
        return out;
    }

    /** Waits for what was handed out last. */
    private void hear() {
        int at = 0;
        for (Future<List<Answer>> share : answers) {
            for (Answer answer : Workers.await(share)) {
                report(asked.get(at++), answer);
            }
        }
        asked = List.of();
        answers = List.of();
    }

    private void report(Item item, Answer answer) {
        FindingName name = answer.name();
        if (name != null) {
            findings.add(item.layer(), name, item.file(), answer.message());
        }
    }

    /** A class and no lambda: the first of those takes 10 ms, and a receipt needs no other before its signature. */
    private record ByKey(DeclaredKey key, Bytes message, Bytes signature) implements Check {
        @Override
        public Answer ask(SignatureChecker checker) {
            try {
                return checker.verify(key, message, signature)
                        ? Answer.HOLDS
                        : new Answer(
                                FindingName.BAD_SIGNATURE,
                                "the signature by " + key.use().text() + " key " + key.keyid() + " does not hold");
            } catch (UncheckableException unknown) {
                return new Answer(FindingName.NOT_CHECKABLE, String.valueOf(unknown.getMessage()));
            }
        }
    }
}
