package dev.terraseal.simulation;

import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.simulation.Defect.Stage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The processes of the four stages: they start, take turns, are killed, and end by themselves. */
final class Processes {
    private static final int MOST_AT_ONCE = 3;

    private final Site site;
    private final Assembly assembly;
    private final Map<Stage, List<Process>> stages = new EnumMap<>(Stage.class);
    private final Map<String, Integer> stops = new TreeMap<>();

    /** A process and what a turn of it is; {@code ingest} is null for the other stages. */
    record Process(Life life, Turn turn, IngestProcess ingest) {}

    interface Turn {
        void run() throws Exception;
    }

    /** What is asked of ingest. */
    interface Asking {
        void of(IngestProcess ingest) throws Exception;
    }

    Processes(Site site, Assembly assembly) {
        this.site = site;
        this.assembly = assembly;
        for (Stage stage : Stage.values()) {
            stages.put(stage, new ArrayList<>());
        }
    }

    /** Why processes ended by themselves, and how often. */
    Map<String, Integer> stops() {
        return stops;
    }

    void turn(Stage stage) {
        Process process = one(stage);
        if (process != null) {
            turn(stage, process, process.turn());
        }
    }

    void ingest(Asking asking) {
        Process process = one(Stage.INGEST);
        if (process != null) {
            turn(Stage.INGEST, process, () -> asking.of(process.ingest()));
        }
    }

    /** Another process of a stage of which there should be one. */
    void second() {
        Stage stage = site.chance().of(List.of(Stage.SEQUENCER, Stage.SIGNER, Stage.ARCHIVER));
        if (stages.get(stage).size() < MOST_AT_ONCE) {
            Process process = start(stage);
            turn(stage, process, process.turn());
        }
    }

    void killOne() {
        List<Process> all = new ArrayList<>();
        stages.values().forEach(all::addAll);
        if (!all.isEmpty()) {
            site.chance().of(all).life().kill();
        }
    }

    void killAll() {
        stages.keySet().forEach(this::kill);
    }

    void kill(Stage stage) {
        stages.get(stage).forEach(process -> process.life().kill());
    }

    /** Those that are dead, and that no call further up is still inside of. */
    void bury() {
        stages.values()
                .forEach(processes -> processes.removeIf(
                        each -> each.life().dead() && !each.life().busy()));
    }

    void clear() {
        stages.values().forEach(List::clear);
    }

    private Process start(Stage stage) {
        Process process = assembly.start(stage);
        stages.get(stage).add(process);
        return process;
    }

    private Process one(Stage stage) {
        List<Process> free = stages.get(stage).stream()
                .filter(process -> !process.life().dead() && !process.life().busy())
                .toList();
        boolean any =
                stages.get(stage).stream().anyMatch(process -> !process.life().dead());
        return free.isEmpty() ? any ? null : start(stage) : site.chance().of(free);
    }

    private void turn(Stage stage, Process process, Turn turn) {
        Life life = process.life();
        life.enter();
        try {
            turn.run();
        } catch (Crash gone) {
            life.kill();
        } catch (Violation found) {
            throw found;
        } catch (ProblemException unknown) {
            site.trace().add(1); // The pipeline was told that nothing is known; it sends the event again some time.
        } catch (Exception | Error ended) {
            life.kill();
            String kind = stage + " " + kind(ended);
            stops.merge(kind, 1, Integer::sum);
            site.evidence().stops().add(kind);
        } finally {
            life.leave();
        }
    }

    /** Without what differs from run to run. */
    private static String kind(Throwable ended) {
        String message = String.valueOf(ended.getMessage());
        String kind = ended.getClass().getSimpleName() + ": "
                + message.replaceAll("[0-9a-f]{16,}", "#").replaceAll("\\d+", "#");
        return kind.substring(0, Math.min(150, kind.length()));
    }
}
