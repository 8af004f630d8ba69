package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether signatures are the log's, by attest keys in force at an index. */
record KeysInForce(KeyRing ring, SignatureChecker checker) {
    /** Which signatures have to be there, the most first: all that are there have to hold. */
    enum Demand {
        /** One of each kind of key, so that nobody can strip those that outlast quantum computers. */
        EACH_KIND,
        ONE
    }

    boolean signed(Bytes message, List<DsseSignature> signatures, SequenceNumber index, Demand demand)
            throws UncheckableException {
        Set<DeclaredKey> used = new HashSet<>();
        for (DsseSignature signature : signatures) {
            Optional<DeclaredKey> key = ring.inForce(KeyUse.ATTEST, signature.keyid(), index);
            if (key.isEmpty() || !checker.verify(key.get(), message, signature.sig())) {
                return false;
            }
            used.add(key.get());
        }
        return !used.isEmpty()
                && (demand == Demand.ONE
                        || ring.signingTogether(KeyUse.ATTEST, index).stream()
                                .allMatch(kind -> kind.stream().anyMatch(used::contains)));
    }
}
