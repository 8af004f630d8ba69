package dev.terraseal.verifier.tlog;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.ProofException;
import java.util.stream.Collectors;

/** Lets the fuzzer at {@link ProofLines}, which nobody else has to see. */
public final class ProofFile {
    private ProofFile() {}

    /** What the lines of a proof say, as they would be written. */
    public static Bytes writtenAgain(Bytes file) throws ProofException {
        return Bytes.utf8(ProofLines.parse(file).stream()
                .map(Digest::base64)
                .map(line -> line + "\n")
                .collect(Collectors.joining()));
    }
}
