package dev.terraseal.bench.archive;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What a store was asked: on S3 every request that was sent, in a directory every call. */
final class Requests implements Consumer<String> {
    private final LongAdder puts = new LongAdder();
    private final LongAdder others = new LongAdder();

    /** @param method of HTTP */
    @Override
    public void accept(String method) {
        (method.equals("PUT") ? puts : others).increment();
    }

    void reset() {
        puts.reset();
        others.reset();
    }

    long puts() {
        return puts.sum();
    }

    long others() {
        return others.sum();
    }
}
