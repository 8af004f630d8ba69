package dev.terraseal.bench.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SigningException;
import java.util.concurrent.atomic.AtomicLong;

/** A log key, and how often it was asked: at KMS each time is a call. */
final class CountedSigner implements MessageSigner {
    private final MessageSigner key;
    private final AtomicLong calls = new AtomicLong();

    CountedSigner(MessageSigner key) {
        this.key = key;
    }

    long calls() {
        return calls.get();
    }

    @Override
    public DeclaredKey key() {
        return key.key();
    }

    @Override
    public Bytes sign(Bytes message) throws SigningException {
        calls.incrementAndGet();
        return key.sign(message);
    }
}
