package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Statement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a log must look like after whatever happened to it. */
final class Evidence {
    private Evidence() {}

    /** No fork, no gap, no checkpoint ahead of its entries, nothing left over in the archive. Returns the audit. */
    static Json.Obj requireAudit(Surroundings around, Path directory, Tenant log) {
        Terminal.Result audited = Terminal.run(
                directory,
                around.environment(),
                Terminal.command(
                        "audit",
                        log.archive(),
                        "--s3-endpoint",
                        around.s3(),
                        "--genesis",
                        log.genesis(),
                        "--at-least",
                        log.ids.size(),
                        "--json"));
        assertThat(audited.exit()).as(audited.toString()).isZero();
        Json.Obj audit =
                CanonicalJson.parseObject(Bytes.utf8(audited.out().trim())).object("audit");
        assertThat(audit.array("findings").objects()).as(audited.out()).isEmpty();
        return audit;
    }

    /** Exports the whole log and has the bundle verified. Returns the bundle. */
    static Path verifiedBundle(Surroundings around, Path directory, Tenant log) throws IOException {
        Path bundle = log.directory().resolve("bundle");
        if (Files.exists(bundle)) {
            Trees.delete(bundle);
        }
        Terminal.Result exported = Terminal.run(
                directory,
                around.environment(Map.of("TERRASEAL_TOKEN", log.token())),
                Terminal.command(
                        "export",
                        "--archive",
                        log.archive(),
                        "--s3-endpoint",
                        around.s3(),
                        "--keys",
                        log.directory().resolve("keys"),
                        "--server",
                        log.server(),
                        "--out",
                        bundle));
        assertThat(exported.exit()).as(exported.toString()).isZero();
        Terminal.Result verified = Terminal.terraseal(directory, "verify", bundle, "--genesis", log.genesis());
        assertThat(verified.exit()).as(verified.toString()).isZero();
        return bundle;
    }

    /** Exports the log, verifies the bundle, and looks for every event once, in the order it was sent. */
    static void requireEveryEventOnce(Surroundings around, Path directory, Tenant log) throws IOException {
        Path bundle = verifiedBundle(around, directory, log);
        List<String> ids = new ArrayList<>();
        try (Stream<Path> files = Files.list(bundle.resolve("artifacts"))) {
            for (Path file : files.sorted().toList()) {
                // One statement, or of more than 10,000 entries a shard with one a line.
                for (String statement : Files.readAllLines(file)) {
                    addId(Statement.parse(Bytes.utf8(statement)), ids);
                }
            }
        }
        assertThat(ids).as("every event once, in the order it was sent").isEqualTo(log.ids);
    }

    private static void addId(Statement statement, List<String> ids) {
        if (!statement.stream().isReserved()) {
            ids.add(statement.id().value());
        }
    }
}
