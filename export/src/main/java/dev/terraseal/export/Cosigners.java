package dev.terraseal.export;

import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who cosigned a checkpoint: of each key the newest line, for a note has no two lines by one key (FORMATS section 9). Lines
 * by known keys come first, so that no number of others keeps them out.
 */
final class Cosigners {
    /** With the log's own these are as many lines as a note may have. */
    private static final int MOST = 63;
    /** Of the lines by keys nobody knows: less than a note may have, and more than 63 lines of any kind there is need. */
    private static final int BYTES_MOST = SignedNote.MAX_BYTES / 2;

    private final SignedNote own;
    private final List<VerifierKey> known;
    private final List<VerifierKey> logKeys;
    private final Map<String, SignatureLine> verified = new LinkedHashMap<>();
    private final Map<String, SignatureLine> others = new LinkedHashMap<>();
    private int bytes;

    /**
     * @param known keys whose lines are given only if they hold
     * @param logKeys those of the log's own line: one by another of them, or another by the same, refuses the note
     */
    Cosigners(SignedNote own, List<VerifierKey> known, List<VerifierKey> logKeys) {
        this.own = own;
        this.known = known;
        this.logKeys = logKeys;
    }

    /** Lines come in the order of their names, which begin with the time. */
    void add(SignatureLine line) {
        String key = line.name() + line.keyId();
        if (logKeys.stream().anyMatch(log -> log.isNamedBy(line))) {
            return;
        }
        if (known.stream().anyMatch(each -> each.isNamedBy(line))) {
            verified.put(key, line);
            return;
        }
        SignatureLine before = others.get(key);
        int more = line.text().length() - (before == null ? 0 : before.text().length());
        if ((before != null || others.size() < MOST) && bytes + more <= BYTES_MOST) {
            others.put(key, line);
            bytes += more;
        }
    }

    SignedNote note() {
        SignedNote note = own;
        int count = 0;
        for (Map<String, SignatureLine> lines : List.of(verified, others)) {
            for (SignatureLine line : lines.values()) {
                if (count++ < MOST) {
                    note = note.with(line);
                }
            }
        }
        return note;
    }
}
