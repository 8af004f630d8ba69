package dev.terraseal.keys.kms;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Sixty-four callers at a service with a quota, on a clock of the test's own. As at the signer, what is signed leaves in
 * order and at most so many wait for the oldest: one call that is put off for seconds stops them all.
 */
class PaceTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long LATENCY = Duration.ofMillis(20).toNanos();
    private static final int CALLERS = 64;
    private static final int WINDOW = 1_024;

    private final Random random = new Random(20261129);
    private final Backoff backoff = Backoff.standard();
    private long now;
    private final Pace pace = new Pace(() -> now);
    private final PriorityQueue<Step> steps =
            new PriorityQueue<>(Comparator.comparingLong(Step::at).thenComparingInt(Step::caller));
    private final int[] attempts = new int[CALLERS];
    private int quota = 1_000;
    private double tokens = 50;
    private long filled;
    private final TreeSet<Integer> signing = new TreeSet<>();
    private final int[] statements = new int[CALLERS];
    private final ArrayDeque<Integer> idle = new ArrayDeque<>();
    private int begun;
    private int refused;

    private record Step(long at, int caller, Kind kind) {}

    private enum Kind {
        CALL,
        ANSWER,
        REFUSAL
    }

    /** A token bucket that saves up 50 ms, as the one of the benchmark's key service. */
    private boolean taken() {
        tokens = Math.min(quota * 0.05, tokens + (now - filled) * (double) quota / SECOND);
        filled = now;
        if (tokens < 1) {
            return false;
        }
        tokens -= 1;
        return true;
    }

    /** How many have left in order. */
    private int served() {
        return signing.isEmpty() ? begun : signing.first();
    }

    private void take() {
        while (!idle.isEmpty() && begun < served() + WINDOW) {
            int caller = idle.remove();
            statements[caller] = begun;
            signing.add(begun++);
            attempts[caller] = 0;
            begin(caller, 0);
        }
    }

    private void begin(int caller, long after) {
        steps.add(new Step(now + after + pace.reserve().toNanos(), caller, Kind.CALL));
    }

    private void run(long until) {
        while (steps.element().at() < until) {
            Step step = steps.remove();
            now = step.at();
            switch (step.kind()) {
                case CALL -> steps.add(new Step(now + latency(), step.caller(), taken() ? Kind.ANSWER : Kind.REFUSAL));
                case ANSWER -> {
                    pace.answered();
                    signing.remove(statements[step.caller()]);
                    idle.add(step.caller());
                    take();
                }
                case REFUSAL -> {
                    pace.refused();
                    refused++;
                    begin(
                            step.caller(),
                            backoff.after(attempts[step.caller()]++, random).toNanos());
                }
            }
        }
        now = until;
    }

    /** Mostly the same; one in a hundred calls waits for a collector or a network. */
    private long latency() {
        return random.nextInt(100) == 0 ? LATENCY + random.nextInt(200) * 1_000_000L : LATENCY;
    }

    private void start() {
        for (int caller = 0; caller < CALLERS; caller++) {
            idle.add(caller);
        }
        take();
    }

    @Test
    void callsUseTheQuotaAndAreSeldomRefused() {
        start();
        run(20 * SECOND);
        assertThat(served()).isGreaterThanOrEqualTo(19_400).isLessThanOrEqualTo(20_050);
        assertThat(refused).isLessThan(500);
    }

    @Test
    void whenOthersTakeMostOfTheQuotaTheCallsFollow() {
        start();
        run(5 * SECOND);
        quota = 200;
        int before = refused;
        int already = served();
        run(15 * SECOND);
        assertThat(served() - already).isGreaterThanOrEqualTo(1_900);
        assertThat(refused - before).isLessThan(500);
    }

    @Test
    void whenTheQuotaIsRaisedTheCallsGoFasterAgain() {
        quota = 200;
        start();
        run(5 * SECOND);
        quota = 2_000;
        run(40 * SECOND);
        int already = served();
        run(45 * SECOND);
        assertThat(served() - already).isGreaterThanOrEqualTo(9_500);
    }

    @Test
    void whatWasFoundInABadMomentIsMadeGoodWithinTwoSeconds() {
        // Half of the quota is somebody else's just when the limit is found.
        quota = 500;
        start();
        run(SECOND / 2);
        quota = 1_000;
        run(5 * SECOND / 2);
        int already = served();
        run(13 * SECOND / 2);
        assertThat(served() - already).isGreaterThanOrEqualTo(3_800);
    }

    @Test
    void nothingIsSlowedDownBeforeTheFirstRefusal() {
        quota = 1_000_000;
        tokens = 1_000;
        start();
        run(2 * SECOND);
        assertThat(served()).isGreaterThan(CALLERS * 80);
        assertThat(pace.reserve()).isZero();
    }

    @Test
    void aServiceThatRefusesEverythingIsStillAsked() {
        for (int i = 0; i < 50; i++) {
            pace.refused();
            now += SECOND / 5;
        }
        assertThat(pace.reserve()).isLessThanOrEqualTo(Duration.ofMillis(400));
    }
}
