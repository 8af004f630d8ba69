package dev.terraseal.verifier.tlog;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import java.util.ArrayList;
import java.util.List;

/** A file of Merkle hashes: one in base64 a line, every line ended by 0x0A; an empty file is the empty proof. */
final class ProofLines {
    private static final int LINE = 44;

    private ProofLines() {}

    static List<Digest> parse(Bytes bytes) throws ProofException {
        int lines = bytes.length() / (LINE + 1);
        if (bytes.length() % (LINE + 1) != 0 || lines > 2 * Merkle.MAX_LEVELS) {
            throw new ProofException(
                    "the proof file does not hold lines of 44 characters of base64 each, ended by a newline");
        }
        List<Digest> hashes = new ArrayList<>(lines);
        for (int i = 0; i < lines; i++) {
            int from = i * (LINE + 1);
            try {
                if (bytes.at(from + LINE) != '\n') {
                    throw new IllegalArgumentException("no newline");
                }
                hashes.add(Digest.fromBase64(bytes.slice(from, from + LINE).utf8()));
            } catch (IllegalArgumentException malformed) {
                throw new ProofException("line " + (i + 1) + " of the proof file is not 32 bytes in base64");
            }
        }
        return hashes;
    }
}
