package dev.terraseal.bench.signer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.chain.Appended;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SigningException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The reference: threads that sign the same statements with the same key and do nothing else. */
final class BareLoop {
    private BareLoop() {}

    /** Signatures a second. */
    static double rate(List<Appended> entries, MessageSigner signer, int threads) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        Thread[] all = new Thread[threads];
        long begin = System.nanoTime();
        for (int t = 0; t < threads; t++) {
            all[t] = new Thread(
                    () -> {
                        for (int i = next.getAndIncrement(); i < entries.size(); i = next.getAndIncrement()) {
                            sign(entries.get(i).statement(), signer);
                        }
                    },
                    "bare-" + t);
            all[t].start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        return entries.size() * 1e9 / (System.nanoTime() - begin);
    }

    private static void sign(Bytes statement, MessageSigner signer) {
        try {
            if (signer.sign(Dsse.pae(Dsse.STATEMENT, statement)).isEmpty()) {
                throw new IllegalStateException("a signature without bytes");
            }
        } catch (SigningException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
