package dev.terraseal.export;

import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who cosigned a checkpoint: of each key the newest line, for a note has no two lines by one key (FORMATS section 9). */
final class Cosigners {
    /** With the log's own these are as many lines as a note may have. */
    private static final int MOST = 63;

    private final SignedNote own;
    private final Map<String, SignatureLine> last = new LinkedHashMap<>();

    Cosigners(SignedNote own) {
        this.own = own;
    }

    /** Lines come in the order of their names, which begin with the time. */
    void add(SignatureLine line) {
        String key = line.name() + line.keyId();
        if (last.containsKey(key) || last.size() < MOST) {
            last.put(key, line);
        }
    }

    SignedNote note() {
        SignedNote note = own;
        for (SignatureLine line : last.values()) {
            note = note.with(line);
        }
        return note;
    }
}
