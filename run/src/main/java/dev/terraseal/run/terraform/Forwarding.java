package dev.terraseal.run.terraform;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Passes a request to end on to terraform exactly once. Terraform stops orderly on the first and drops everything on
 * the second, so one that reached it already (from the keyboard, or from a CI system that signals the whole group) must
 * not be sent again.
 */
public final class Forwarding implements AutoCloseable {
    /** How long terraform has to show by itself that it was told. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final Interrupts interrupts;
    private final Process terraform;
    private final BooleanSupplier told;
    private final AtomicInteger count = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** @param told whether terraform said that it was interrupted; always false where it cannot be heard */
    public Forwarding(Interrupts interrupts, Process terraform, BooleanSupplier told) {
        this.interrupts = interrupts;
        this.terraform = terraform;
        this.told = told;
        interrupts.listen(this::signalled);
    }

    private void signalled(String name) {
        if (name.equals("INT") && Interrupts.keyboardReachesChildren()) {
            return;
        }
        if (count.incrementAndGet() > 1) {
            terraform.destroy();
            return;
        }
        Thread later = new Thread(this::forwardUnlessTold, "forward-signal");
        later.setDaemon(true);
        later.start();
    }

    private void forwardUnlessTold() {
        try {
            boolean over = ended.await(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            if (!over && !told.getAsBoolean()) {
                terraform.destroy();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        interrupts.listen(name -> {});
        ended.countDown();
    }
}
