package dev.terraseal.cli.log;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Statement;

/**
 * An entry as it was read from an archive or a server.
 *
 * @param line the segment line it came in
 * @param finding empty when it follows the entry before it and a key of log.json signed it; otherwise what does not hold
 */
public record ReadEntry(Statement statement, Json.Obj line, String finding) {
    public boolean holds() {
        return finding.isEmpty();
    }
}
