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
    /** How long terraform has to show by itself that it was told, where we read what it shows. */
    static final Duration HEARD = Duration.ofSeconds(3);
    /**
     * How long it has to end, where its output is the caller's own: most plans stop within this, and one that is told
     * twice leaves its state locked.
     */
    static final Duration UNHEARD = Duration.ofSeconds(30);

    private final Interrupts interrupts;
    private final Process terraform;
    private final BooleanSupplier told;
    private final Duration grace;
    private final AtomicInteger count = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);

    Forwarding(Interrupts interrupts, Process terraform, BooleanSupplier told, Duration grace) {
        this.interrupts = interrupts;
        this.terraform = terraform;
        this.told = told;
        this.grace = grace;
        if (interrupts.listen(this::signalled)) {
            // It came while terraform was being started, too early for it or just in time; nobody knows which.
            count.incrementAndGet();
            forwardLater();
        }
    }

    /** @param told whether terraform said that it was interrupted */
    public static Forwarding heard(Interrupts interrupts, Process terraform, BooleanSupplier told) {
        return new Forwarding(interrupts, terraform, told, HEARD);
    }

    /** Where nobody but the caller hears what terraform says. */
    public static Forwarding unheard(Interrupts interrupts, Process terraform) {
        return new Forwarding(interrupts, terraform, () -> false, UNHEARD);
    }

    private void signalled(String name) {
        if (name.equals("INT") && Interrupts.keyboardReachesChildren()) {
            return;
        }
        if (count.incrementAndGet() > 1) {
            terraform.destroy();
            return;
        }
        forwardLater();
    }

    private void forwardLater() {
        Thread later = new Thread(this::forwardUnlessTold, "forward-signal");
        later.setDaemon(true);
        later.start();
    }

    private void forwardUnlessTold() {
        try {
            boolean over = ended.await(grace.toMillis(), TimeUnit.MILLISECONDS);
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
