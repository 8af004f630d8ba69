package dev.terraseal.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of our services as a process of its own, as docker-compose.yml runs it. What it says is appended to a file. */
final class Service implements AutoCloseable {
    private final String name;
    private final Path log;
    private final Map<String, String> environment;
    private volatile Map<String, String> clock = Map.of();
    private Process process;

    /** @param name {@code signer}, or {@code signer b} where there are two */
    Service(String name, Path directory, Map<String, String> environment) {
        this.name = name;
        this.log = directory.resolve(name.replace(' ', '-') + ".log");
        this.environment = environment;
    }

    void start() throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(clock);
        process = Terminal.start(log.getParent(), all, Terminal.command(name.split(" ")[0]), log);
    }

    /** From its next start on, whoever starts it: {@link OtherTime} or none. */
    void clock(Map<String, String> other) {
        clock = other;
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Stands still from here on, as on a machine that sleeps. */
    void freeze() throws IOException, InterruptedException {
        Terminal.signal("-STOP", process);
    }

    void thaw() throws IOException, InterruptedException {
        Terminal.signal("-CONT", process);
    }

    /** Waits for the end it comes to by itself. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
            throw new AssertionError(name + " goes on");
        }
        return process.exitValue();
    }

    String said() throws IOException {
        return Files.readString(log);
    }

    static void startAll(List<Service> services) throws IOException {
        for (Service service : services) {
            service.start();
        }
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(180, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
