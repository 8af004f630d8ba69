package dev.terraseal.run.command;

import dev.terraseal.run.apply.Terminal;
import dev.terraseal.run.spool.Spool;
import dev.terraseal.run.terraform.Interrupts;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The process a command runs in: everything it takes from outside. */
public record Caller(
        Terminal terminal,
        Map<String, String> environment,
        Path current,
        Path home,
        InstantSource clock,
        RandomGenerator random,
        Supplier<Interrupts> interrupts) {

    /** This process. Signals are taken over only when a command asks for them. */
    public static Caller ofProcess() {
        return new Caller(
                Terminal.ofProcess(),
                System.getenv(),
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("user.home", ".")),
                InstantSource.system(),
                new SecureRandom(),
                Interrupts::install);
    }

    Spool spool(@Nullable Path flag) throws IOException {
        Path directory = flag == null ? Spool.defaultDirectory(environment, home) : flag;
        return Spool.open(current.resolve(directory), terminal::say);
    }
}
