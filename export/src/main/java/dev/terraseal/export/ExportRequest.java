package dev.terraseal.export;

import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import java.nio.file.Path;
import java.util.List;

/**
 * What to export and where to.
 *
 * @param out must not exist; a name that ends in {@code .zip} asks for one canonical zip
 * @param from older checkpoints of the log that readers of the bundle have
 * @param fromSizes sizes of older checkpoints to connect with, where the notes themselves are not at hand
 * @param envelopes also write every directly signed artifact as a DSSE envelope
 * @param witnesses cosignatures that name one of them are taken only if they hold; those of others are taken as they are
 */
public record ExportRequest(
        Path out,
        Selection selection,
        List<SignedNote> from,
        List<Long> fromSizes,
        boolean envelopes,
        List<VerifierKey> witnesses) {
    public ExportRequest {
        from = List.copyOf(from);
        fromSizes = List.copyOf(fromSizes);
        witnesses = List.copyOf(witnesses);
    }

    public static ExportRequest all(Path out) {
        return new ExportRequest(out, new Selection.All(), List.of(), List.of(), false, List.of());
    }

    public static ExportRequest of(Path out, Selection selection) {
        return new ExportRequest(out, selection, List.of(), List.of(), false, List.of());
    }

    boolean wantsZip() {
        return out.getFileName().toString().endsWith(".zip");
    }
}
