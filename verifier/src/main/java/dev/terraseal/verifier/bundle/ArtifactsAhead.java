package dev.terraseal.verifier.bundle;

import dev.terraseal.verifier.bundle.Artifacts.Raw;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.entries.InOrder;
import dev.terraseal.verifier.entries.Workers;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.verdict.Findings;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The artifacts read ahead of their judgement. Hashing and parsing go to every processor; entries, and what reading them
 * found, come in order.
 */
final class ArtifactsAhead implements Closeable {
    private final Findings findings;
    private final HeldFindings held = new HeldFindings();
    private final Artifacts artifacts;
    private final InOrder<Noted, Ready> entries;

    /** An artifact and what has to be told before it. */
    private record Noted(Raw raw, Runnable findings) {}

    /** An entry, and its row of population.csv if it is a statement. */
    record Ready(Entry entry, PopulationFile.@Nullable Row row, Runnable findings) {}

    ArtifactsAhead(BundleFiles files, Manifest manifest, Findings findings, long statementMax, Workers workers)
            throws IOException {
        this.findings = findings;
        try {
            this.artifacts = new Artifacts(files, manifest, held, statementMax, workers);
        } finally {
            held.takeFor(findings).run();
        }
        this.entries =
                new InOrder<>(workers, this::read, noted -> noted.raw().bytes().length(), ArtifactsAhead::ready);
    }

    private @Nullable Noted read() throws IOException {
        Raw raw = artifacts.next();
        return raw == null ? null : new Noted(raw, held.takeFor(findings));
    }

    private static Ready ready(Noted noted) {
        Raw raw = noted.raw();
        Entry entry = Entry.of(raw.sequence(), raw.file(), raw.bytes(), raw.signatures());
        var statement = entry.reading().statement();
        return new Ready(entry, statement == null ? null : PopulationFile.Row.of(statement), noted.findings());
    }

    /** The next artifact, or null after the last. */
    @Nullable Ready next() throws IOException {
        Ready ready;
        try {
            ready = entries.next();
        } catch (IOException broken) {
            held.takeFor(findings).run();
            throw broken;
        }
        (ready == null ? held.takeFor(findings) : ready.findings()).run();
        return ready;
    }

    /** After the last artifact. */
    void finish() throws IOException {
        try {
            artifacts.finish();
        } finally {
            held.takeFor(findings).run();
        }
    }

    @Override
    public void close() throws IOException {
        artifacts.close();
    }
}
