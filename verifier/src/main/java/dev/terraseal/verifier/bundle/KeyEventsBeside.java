package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.bundle.KeyEventsReader.KeyEvents;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * key-events/ beside the artifacts: whether they know of a key event, or of a newer heads entry, that it keeps to itself. A
 * revocation reaches back to entries long before it, so what lies behind the heads entry that closes it is never harmless.
 */
final class KeyEventsBeside {
    private final Findings findings;
    private final Manifest manifest;
    private final KeyEvents keys;
    private @Nullable Entry newestHeads;

    KeyEventsBeside(Findings findings, Manifest manifest, KeyEvents keys) {
        this.findings = findings;
        this.manifest = manifest;
        this.keys = keys;
    }

    void see(Entry entry, Statement statement) {
        if (statement.type() == PredicateType.HEADS) {
            newestHeads = entry;
        }
        if (!statement.stream().equals(StreamId.KEYS)) {
            return;
        }
        Entry shown = keys.at(entry.index());
        if (shown == null || !shown.entryHash().equals(entry.entryHash())) {
            hidden(entry, "entry " + entry.index() + " is a key event that key-events/ does not show");
        }
    }

    void conclude(BundleFiles files) throws IOException {
        if (!manifest.isWhole() && !KeyEventsReader.isPresent(files)) {
            findings.add(
                    Layer.KEY_EVENTS,
                    FindingName.MISSING_FILE,
                    BundleNames.KEY_EVENTS,
                    "key-events/ is missing: in a part of a log only it shows that no key was withdrawn");
        }
        Entry newest = newestHeads;
        if (newest != null && keys.completeTo() > 0 && newest.index().value() > keys.completeTo()) {
            hidden(
                    newest,
                    "entry " + newest.index() + " is a heads entry, and key-events/ is closed by an older one, "
                            + keys.completeTo() + ": what was withdrawn between them is not shown");
        }
        int events = keys.events().size();
        findings.conclude(LayerResult.valid(
                Layer.KEY_EVENTS,
                (events == 0 ? "none after log.json" : events + " after log.json") + "; no other revocation up to "
                        + (manifest.isWhole() ? "size " + manifest.checkpointSize() : "entry " + completeThrough())));
    }

    private void hidden(Entry entry, String message) {
        findings.add(Layer.KEY_EVENTS, FindingName.KEY_EVENT_HIDDEN, entry.file(), message);
    }

    /**
     * The last entry up to which no key event is missing. A contiguous range shows its own: closed at its first entry, or
     * right before it, they are complete to its end.
     */
    private long completeThrough() {
        return manifest.isContiguous() && keys.completeTo() >= manifest.first() - 1
                ? Math.max(keys.completeTo(), manifest.last())
                : keys.completeTo();
    }

    void addNotProven(List<String> open) {
        if (!manifest.isWhole() && completeThrough() < manifest.checkpointSize() - 1) {
            open.add("that no key was withdrawn after entry " + completeThrough());
        }
    }
}
