package dev.terraseal.archiver.state;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.merkle.InclusionPaths;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An envelope over many entries, with what was found out about it. Whether a key that signed it is in force at an entry is
 * asked for each entry anew; whether the signature holds under the key is not. Safe for concurrent use.
 */
final class SignedBatch {
    private final Envelope envelope;
    private final Batch content;
    private final Bytes message;
    private final InclusionPaths paths;
    private final SignatureChecker checker;
    private final Map<DeclaredKey, Boolean> verified = new ConcurrentHashMap<>();

    SignedBatch(Envelope envelope, Batch content, SignatureChecker checker) {
        this.envelope = envelope;
        this.content = content;
        this.message = envelope.signedBytes();
        this.paths = new InclusionPaths(content.count(), content.root());
        this.checker = checker;
    }

    Envelope envelope() {
        return envelope;
    }

    Batch content() {
        return content;
    }

    InclusionPaths paths() {
        return paths;
    }

    boolean verify(DeclaredKey key, DsseSignature signature) throws UncheckableException {
        Boolean known = verified.get(key);
        if (known == null) {
            known = checker.verify(key, message, signature.sig());
            verified.put(key, known);
        }
        return known;
    }
}
