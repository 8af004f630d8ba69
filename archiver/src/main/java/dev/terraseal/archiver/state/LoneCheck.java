package dev.terraseal.archiver.state;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.store.ArchivedEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be found out about an entry without the entries before it, on any thread: whether it is a statement, and which of
 * its signatures hold under which key. Signatures are nearly all of an archiver's work. Whether such a key is in force at
 * the entry's place, only the {@link Advance} says, in order; a key that came meanwhile it asks again.
 */
public final class LoneCheck {
    private final ArchivedEntry entry;
    private final @Nullable Statement statement;
    private final String malformed;
    private final Map<Signed, Boolean> verified;

    private record Signed(DeclaredKey key, Bytes signature) {}

    private LoneCheck(
            ArchivedEntry entry, @Nullable Statement statement, String malformed, Map<Signed, Boolean> verified) {
        this.entry = entry;
        this.statement = statement;
        this.malformed = malformed;
        this.verified = verified;
    }

    /** @param keys that are known now; those of them are tried that a signature names */
    public static LoneCheck of(ArchivedEntry entry, KeyRing keys, SignatureChecker checker) {
        Statement statement;
        try {
            statement = Statement.parse(entry.statement());
        } catch (IllegalArgumentException malformed) {
            return new LoneCheck(entry, null, String.valueOf(malformed.getMessage()), Map.of());
        }
        Map<Signed, Boolean> verified = new HashMap<>();
        // What is signed in a batch has its signature there.
        if (entry.batch() == null) {
            Bytes message = Dsse.pae(Dsse.STATEMENT, statement.bytes());
            for (DsseSignature signature : entry.signatures()) {
                keys.declared(signature.keyid()).ifPresent(key -> verify(key, message, signature, checker, verified));
            }
        }
        return new LoneCheck(entry, statement, "", verified);
    }

    private static void verify(
            DeclaredKey key,
            Bytes message,
            DsseSignature signature,
            SignatureChecker checker,
            Map<Signed, Boolean> verified) {
        try {
            verified.put(new Signed(key, signature.sig()), checker.verify(key, message, signature.sig()));
        } catch (UncheckableException unknown) {
            // Left open: whoever needs to know asks again and says what this platform lacks.
            verified.remove(new Signed(key, signature.sig()));
        }
    }

    public ArchivedEntry entry() {
        return entry;
    }

    /** @throws BrokenEntryException if the entry, expected at {@code sequence}, holds no statement */
    public Statement statement(long sequence) throws BrokenEntryException {
        if (statement == null) {
            throw new BrokenEntryException(sequence, "is no statement of this log: " + malformed);
        }
        return statement;
    }

    /** Whether the entry's signature holds under {@code key}; empty if that was not tried. */
    Optional<Boolean> holds(DeclaredKey key, DsseSignature signature) {
        return Optional.ofNullable(verified.get(new Signed(key, signature.sig())));
    }
}
