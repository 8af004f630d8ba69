package dev.terraseal.verifier.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The newest checkpoint of an archive with every cosignature that lies beside it. */
final class ArchiveCosignatures {
    private static final int LINE_MAX = 1 << 13;

    private final ArchiveFiles archive;
    private final Findings findings;

    ArchiveCosignatures(ArchiveFiles archive, Findings findings) {
        this.archive = archive;
        this.findings = findings;
    }

    /** The note, or null if there is none or it cannot be read, which is found elsewhere. */
    @Nullable SignedNote newestHead() throws IOException {
        long size = archive.newestCheckpoint();
        String file = ArchiveFiles.CHECKPOINTS + size;
        if (!archive.files().has(file)) {
            return null;
        }
        SignedNote note;
        try {
            note = SignedNote.parse(archive.files().read(file, SignedNote.MAX_BYTES));
        } catch (NoteException | MalformedException refusedElsewhere) {
            return null;
        }
        for (String name : archive.under(ArchiveFiles.COSIGNATURES + size + "/")) {
            if (note.lines().size() < SignedNote.MAX_LINES) {
                note = with(note, name);
            }
        }
        return note;
    }

    private SignedNote with(SignedNote note, String name) throws IOException {
        try {
            Bytes content = archive.files().read(name, LINE_MAX);
            String line = content.utf8();
            if (!line.endsWith("\n")) {
                throw new NoteException("its line has no end");
            }
            return note.with(SignatureLine.parse(line.substring(0, line.length() - 1)));
        } catch (NoteException | MalformedException | IllegalArgumentException wrong) {
            archive.spare(
                    findings,
                    Layer.WITNESSES,
                    FindingName.BAD_COSIGNATURE,
                    name,
                    name + " is no cosignature: " + wrong.getMessage());
            return note;
        }
    }
}
