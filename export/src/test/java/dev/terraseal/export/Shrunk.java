package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.bundle.Manifest;
import dev.terraseal.verifier.entries.Counts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A bundle some of whose artifacts are gone, with a manifest that fits what is left. */
record Shrunk(Path bundle) {
    void rewriteManifest() throws IOException {
        Manifest was = Manifest.parse(Bytes.wrap(Files.readAllBytes(bundle.resolve("manifest.json"))));
        Counts counts = new Counts();
        long first = Long.MAX_VALUE;
        long last = -1;
        long count = 0;
        try (Stream<Path> artifacts = Files.list(bundle.resolve("artifacts"))) {
            for (Path artifact : (Iterable<Path>) artifacts::iterator) {
                Statement statement = Statement.parse(Bytes.wrap(Files.readAllBytes(artifact)));
                counts.add(statement);
                first = Math.min(first, statement.sequence().value());
                last = Math.max(last, statement.sequence().value());
                count++;
            }
        }
        Manifest now = new Manifest(
                was.query(),
                first,
                last,
                count,
                counts.byType(),
                counts.byOutcome(),
                was.checkpointSize(),
                was.shards(),
                was.made(),
                was.version());
        Files.write(bundle.resolve("manifest.json"), now.bytes().toByteArray());
    }
}
