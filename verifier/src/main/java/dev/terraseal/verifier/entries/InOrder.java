package dev.terraseal.verifier.entries;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Items read one after another, each taken a step further on some processor, and handed out in the order they were read.
 * A bounded number of items and bytes is under way at once. Where reading breaks off, everything before it comes first.
 */
public final class InOrder<A, B> {
    /** Fewer are done at once than threads would take to start. */
    private static final int FEW = 16;

    // What is under way survives a collection of young objects, so a longer queue costs more than it saves.
    private static final int CHUNK_ITEMS = 32;
    private static final long CHUNK_BYTES = 1 << 20;
    private static final int CHUNKS_AHEAD = 4;

    /** Where items come from; asked by one thread, and not again after null or an exception. */
    public interface From<A> {
        @Nullable A next() throws IOException;
    }

    /** What is done to each; may run on any thread and sees nothing but the item. */
    public interface Step<A, B> {
        B of(A item);
    }

    /** Bytes an item keeps in memory. */
    public interface Weight<A> {
        long of(A item);
    }

    private final Workers workers;
    private final From<A> from;
    private final Weight<A> weight;
    private final Step<A, B> step;
    private final Deque<Future<List<B>>> ahead = new ArrayDeque<>();
    private Iterator<B> ready = Collections.emptyIterator();
    private @Nullable IOException broken;
    private boolean ended;
    private int alone;
    private long aloneBytes;
    /** Read and not yet given to anybody. */
    private @Nullable A first;

    public InOrder(Workers workers, From<A> from, Weight<A> weight, Step<A, B> step) {
        this.workers = workers;
        this.from = from;
        this.weight = weight;
        this.step = step;
    }

    /** Has the first item worked on while the caller does something else, if it is worth a thread. */
    public void begin() {
        first = readOne();
        if (isHeavy(first)) {
            alone = FEW;
            fill();
        }
    }

    /** The next item, or null after the last. */
    public @Nullable B next() throws IOException {
        if (alone < FEW && aloneBytes < CHUNK_BYTES && !ended) {
            alone++;
            first = first == null ? readOne() : first;
            if (first != null && !isHeavy(first)) {
                A item = first;
                first = null;
                aloneBytes += weight.of(item);
                return step.of(item);
            }
            alone = FEW;
        }
        while (!ready.hasNext()) {
            fill();
            Future<List<B>> done = ahead.poll();
            if (done == null) {
                if (broken != null) {
                    throw broken;
                }
                return null;
            }
            ready = Workers.await(done).iterator();
        }
        return ready.next();
    }

    private boolean isHeavy(@Nullable A item) {
        return item != null && weight.of(item) >= CHUNK_BYTES;
    }

    private void fill() {
        while ((!ended || first != null) && ahead.size() < CHUNKS_AHEAD) {
            List<A> chunk = read();
            if (!chunk.isEmpty()) {
                ahead.add(workers.submit(() -> all(chunk)));
            }
        }
    }

    private List<A> read() {
        List<A> chunk = new ArrayList<>(CHUNK_ITEMS);
        long bytes = 0;
        while (chunk.size() < CHUNK_ITEMS && bytes < CHUNK_BYTES) {
            A item = first == null ? readOne() : first;
            first = null;
            if (item == null) {
                break;
            }
            chunk.add(item);
            bytes += weight.of(item);
        }
        return chunk;
    }

    /** The next item to be worked on; null after the last, and where reading breaks off. */
    private @Nullable A readOne() {
        if (ended) {
            return null;
        }
        try {
            A item = from.next();
            ended = item == null;
            return item;
        } catch (IOException later) {
            broken = later;
            ended = true;
            return null;
        }
    }

    private List<B> all(List<A> chunk) {
        List<B> out = new ArrayList<>(chunk.size());
        for (A item : chunk) {
            out.add(step.of(item));
        }
        return out;
    }
}
