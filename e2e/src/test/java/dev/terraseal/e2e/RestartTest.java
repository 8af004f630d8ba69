package dev.terraseal.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * How long a log of many entries stands still when its process is killed or stopped and started again, under load. The
 * data directory is kept and used again, for a million entries take a while to make. {@code build/soak.sh restart} runs it.
 */
@EnabledIfSystemProperty(named = "terraseal.restart.entries", matches = "[0-9]+")
class RestartTest {
    private static final int ENTRIES = Integer.getInteger("terraseal.restart.entries", 0);
    private static final int ROUNDS = Integer.getInteger("terraseal.restart.rounds", 5);
    private static final Path DATA = Path.of(System.getProperty("terraseal.restart.data", "target/restart"));
    private static final int PRODUCERS = 20;
    /** Enough to keep it busy; more only make the backlog longer. */
    private static final int GROWERS = 4;

    private static final int BATCH = 100;
    private static final int PRESSURE = 200_000;

    private int next;

    @Test
    void theLogTakesEventsAndGivesAttestationsAgainAfterEveryStop() throws Exception {
        Files.createDirectories(DATA);
        Path numbers = DATA.resolve("next-event");
        next = Files.exists(numbers) ? Integer.parseInt(Files.readString(numbers)) : 0;
        Up up = start();
        grow(up);
        // Numbers are spent before they are used: an id that is in the log already is answered without an attestation.
        Files.writeString(numbers, Integer.toString(next + 4 * ROUNDS * (PRESSURE + 1)));
        Map<String, List<Long>> took = new TreeMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (boolean pressed : List.of(false, true)) {
                up = restart(up, true, pressed, took);
                up = restart(up, false, pressed, took);
            }
        }
        up.close();
        took.forEach(RestartTest::summary);
    }

    /** With both compilers, as a user starts it, and saying how long its parts took. */
    private static Up start() throws IOException {
        return Up.start(DATA, Map.of("TERRASEAL_JAVA_OPTS", "-Dorg.slf4j.simpleLogger.log.dev.terraseal=info"));
    }

    private void grow(Up up) throws Exception {
        long begin = System.nanoTime();
        int from = (int) up.gauge("terraseal_sequencer_ids");
        int missing = ENTRIES - from;
        if (missing <= 0) {
            report("the log has " + from + " entries");
            return;
        }
        Producers producers = new Producers(next, missing, 500, next);
        next += missing;
        producers.server(up.http());
        producers.start(GROWERS);
        while (up.gauge("terraseal_checkpoint_size") < ENTRIES) {
            TimeUnit.SECONDS.sleep(10);
            double seconds = (System.nanoTime() - begin) / 1e9;
            report("grow: %.0f s, accepted %d, attested %d, archived %d"
                    .formatted(
                            seconds,
                            from + producers.acknowledged(),
                            up.gauge("terraseal_log_size"),
                            up.gauge("terraseal_checkpoint_size")));
        }
        producers.finish();
    }

    /** Pressed: twenty producers send as fast as they can, and both the old process and the new one feel it. */
    private Up restart(Up up, boolean kill, boolean pressed, Map<String, List<Long>> took) throws Exception {
        Producers producers = new Producers(next, pressed ? PRESSURE : BATCH, BATCH, next);
        producers.server(up.http());
        producers.start(pressed ? PRODUCERS : 1);
        producers.awaitAcknowledged(pressed ? 2_000 : BATCH);
        long begin = System.nanoTime();
        if (kill) {
            up.kill();
        } else {
            up.close();
        }
        long gone = System.nanoTime();
        Up again = start();
        producers.server(again.http());
        producers.oneMoreSigned(next + PRESSURE);
        long millis = (System.nanoTime() - begin) / 1_000_000;
        String what = (kill ? "kill -9" : "orderly stop") + (pressed ? ", 20 producers pressing" : "");
        took.computeIfAbsent(what, any -> new ArrayList<>()).add(millis);
        report("%s at %d entries: stop %d ms, start %d ms, first new attestation %d ms after the stop began"
                .formatted(
                        what,
                        again.gauge("terraseal_log_size"),
                        (gone - begin) / 1_000_000,
                        again.startMillis(),
                        millis));
        producers.abandon();
        next += PRESSURE + 1;
        return again;
    }

    private static void summary(String what, List<Long> millis) {
        Collections.sort(millis);
        report("%s, %d times: from the stop to a new attestation min %d, median %d, max %d ms"
                .formatted(
                        what,
                        millis.size(),
                        millis.get(0),
                        millis.get(millis.size() / 2),
                        millis.get(millis.size() - 1)));
    }

    private static void report(String text) {
        System.out.println("restart: " + text);
    }
}
