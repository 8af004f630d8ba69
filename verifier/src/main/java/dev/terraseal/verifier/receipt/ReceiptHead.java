package dev.terraseal.verifier.receipt;

import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.verifier.bundle.CheckpointLayer;
import dev.terraseal.verifier.bundle.CheckpointLayer.Opened;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The signed head, opened while the statement is being checked: in a process that just started both take as long. */
final class ReceiptHead extends Thread {
    private final SignedNote note;
    private final LogDeclaration log;
    private final KeyRing keys;
    private final SignatureChecker checker;
    private @Nullable Opened opened;
    private @Nullable Throwable broken;

    ReceiptHead(SignedNote note, LogDeclaration log, KeyRing keys, SignatureChecker checker) {
        super("head");
        this.note = note;
        this.log = log;
        this.keys = keys;
        this.checker = checker;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            opened = CheckpointLayer.open(note, log, keys, checker);
        } catch (Throwable any) {
            // Whoever waits gets it, be it an Error: a thread that ends by one tells nobody but standard error.
            broken = any;
        }
    }

    /** Waits; what went wrong goes on here as if it had happened here. */
    Opened opened() throws NoteException, UncheckableException {
        try {
            join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a checkpoint was being checked", stopped);
        }
        Throwable wrong = broken;
        if (wrong instanceof NoteException refused) {
            throw refused;
        } else if (wrong instanceof UncheckableException unknown) {
            throw unknown;
        } else if (wrong instanceof Error error) {
            throw error;
        } else if (wrong instanceof RuntimeException runtime) {
            throw runtime;
        }
        return Objects.requireNonNull(opened);
    }
}
