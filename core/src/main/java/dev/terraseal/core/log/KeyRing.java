package dev.terraseal.core.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a log and the leaf indices each is in force at: those of log.json from 0, then what authorised key events
 * change. Immutable. Validity is by proven leaf index, never by the sequence a statement claims.
 */
public final class KeyRing {
    private final LogDeclaration log;
    private final Map<KeyId, Span> spans;
    private final Digest previous;
    private final int events;

    /** A key in force in {@code [from, end)}; {@code compromisedFrom} is −1 unless a revocation names it. */
    private record Span(DeclaredKey key, long from, long end, boolean revoked, long compromisedFrom) {}

    /** What a signature by a key at an index is worth. */
    public enum Judgement {
        VALID,
        /** In force at that index, retired or revoked for another reason since. */
        VALID_KEY_LATER_RETIRED,
        /** In force at that index, and at or after the index the key is said to have been compromised from. */
        SUSPECT,
        /** Unknown, of another use, not yet or no longer in force. */
        REFUSED
    }

    private KeyRing(LogDeclaration log, Map<KeyId, Span> spans, Digest previous, int events) {
        this.log = log;
        this.spans = spans;
        this.previous = previous;
        this.events = events;
    }

    public static KeyRing of(LogDeclaration log) {
        Map<KeyId, Span> spans = new HashMap<>();
        for (DeclaredKey key : log.keys()) {
            spans.put(key.keyid(), new Span(key, 0, Long.MAX_VALUE, false, -1));
        }
        return new KeyRing(log, spans, log.genesis(), 0);
    }

    /** How many key events were applied. */
    public int events() {
        return events;
    }

    public Judgement judge(KeyUse use, KeyId id, SequenceNumber index) {
        Span span = spans.get(id);
        if (span == null || span.key().use() != use || index.value() < span.from() || index.value() >= span.end()) {
            return Judgement.REFUSED;
        }
        if (span.compromisedFrom() >= 0 && index.value() >= span.compromisedFrom()) {
            return Judgement.SUSPECT;
        }
        return span.end() == Long.MAX_VALUE ? Judgement.VALID : Judgement.VALID_KEY_LATER_RETIRED;
    }

    /** The key, if a signature by it at {@code index} is worth anything: not {@link Judgement#REFUSED}. */
    public Optional<DeclaredKey> inForce(KeyUse use, KeyId id, SequenceNumber index) {
        return judge(use, id, index) == Judgement.REFUSED ? Optional.empty() : declared(id);
    }

    /** The key as it was declared, whether in force or not. */
    public Optional<DeclaredKey> declared(KeyId id) {
        Span span = spans.get(id);
        return span == null ? Optional.empty() : Optional.of(span.key());
    }

    /** Every key of a use that is in force at {@code index}. */
    public List<DeclaredKey> inForce(KeyUse use, SequenceNumber index) {
        List<DeclaredKey> out = new ArrayList<>();
        for (Span span : spans.values()) {
            if (judge(use, span.key().keyid(), index) != Judgement.REFUSED
                    && span.key().use() == use) {
                out.add(span.key());
            }
        }
        out.sort(Comparator.comparing(key -> key.keyid().value()));
        return out;
    }

    /** Log keys in force at {@code index} of one algorithm: Ed25519 for a checkpoint's own line, ML-DSA-44 for a second. */
    public List<DeclaredKey> checkpointKeys(Algorithm algorithm, SequenceNumber index) {
        return inForce(KeyUse.LOG, index).stream()
                .filter(key -> key.algorithm() == algorithm)
                .toList();
    }

    /** Every key that was ever declared for a use, whether in force or not. */
    public List<DeclaredKey> declared(KeyUse use) {
        return declarations().stream()
                .map(Declaration::key)
                .filter(key -> key.use() == use)
                .toList();
    }

    /**
     * The keys of a use that may sign at {@code index}, the one to sign with first: of those nobody calls compromised the
     * newest, so that a second key that was added takes over from the first as soon as its holder has it.
     */
    public List<DeclaredKey> signing(KeyUse use, SequenceNumber index) {
        List<Declaration> out = new ArrayList<>();
        for (Declaration each : declarations()) {
            if (each.key().use() == use && judge(use, each.key().keyid(), index) != Judgement.REFUSED) {
                out.add(each);
            }
        }
        out.sort(Comparator.comparing(
                        (Declaration each) -> judge(use, each.key().keyid(), index) == Judgement.SUSPECT)
                .thenComparing(Comparator.comparingLong(Declaration::from).reversed()));
        return out.stream().map(Declaration::key).toList();
    }

    /**
     * As {@link #signing}, for each kind of key apart: first those a quantum computer would break, then those of ML-DSA. Of
     * each kind that is there one key signs. Empty if none may sign.
     */
    public List<List<DeclaredKey>> signingTogether(KeyUse use, SequenceNumber index) {
        List<List<DeclaredKey>> kinds = new ArrayList<>();
        for (boolean postQuantum : new boolean[] {false, true}) {
            List<DeclaredKey> kind = signing(use, index).stream()
                    .filter(key -> key.algorithm().isPostQuantum() == postQuantum)
                    .toList();
            if (!kind.isEmpty()) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    /** The next index above {@code index} at which a key of this use begins or ends; what is in force holds until there. */
    public long changesAt(KeyUse use, SequenceNumber index) {
        long next = Long.MAX_VALUE;
        for (Span span : spans.values()) {
            if (span.key().use() == use) {
                next = span.from() > index.value() ? Math.min(next, span.from()) : next;
                next = span.end() > index.value() ? Math.min(next, span.end()) : next;
            }
        }
        return next;
    }

    /**
     * A key and the leaf indices it is in force at.
     *
     * @param end the first at which it is not any more; {@link Long#MAX_VALUE} while nothing ends it
     * @param revoked whether a revocation and not a rotation ended it
     * @param compromisedFrom −1 unless a revocation names it
     */
    public record Declaration(DeclaredKey key, long from, long end, boolean revoked, long compromisedFrom) {}

    /** Every key of the log, by the index it begins at, then by its id. */
    public List<Declaration> declarations() {
        List<Declaration> out = new ArrayList<>();
        for (Span span : spans.values()) {
            out.add(new Declaration(span.key(), span.from(), span.end(), span.revoked(), span.compromisedFrom()));
        }
        out.sort(Comparator.comparingLong(Declaration::from)
                .thenComparing(each -> each.key().keyid().hex()));
        return out;
    }

    /** What the next key event must name as {@code previous}: SHA-256 of the last authorised payload, or the genesis. */
    public Digest previous() {
        return previous;
    }

    public LogDeclaration log() {
        return log;
    }

    /** From which index the key is compromised, if a revocation says so. */
    public OptionalLong compromisedFrom(KeyId id) {
        Span span = spans.get(id);
        return span == null || span.compromisedFrom() < 0
                ? OptionalLong.empty()
                : OptionalLong.of(span.compromisedFrom());
    }

    /**
     * The ring after {@code event}, which the log holds at {@code index}.
     *
     * @throws UnauthorisedException if the event is for another log, does not follow the last authorised one, lacks the
     *     threshold of authority signatures or a signature by a key it introduces, or names keys wrongly
     */
    public KeyRing apply(KeyEvent event, SequenceNumber index, SignatureChecker checker)
            throws UnauthorisedException, UncheckableException {
        requireAuthorised(event, index, checker);
        Map<KeyId, Span> after = new HashMap<>(spans);
        for (KeyEvent.NewKey added : event.keys()) {
            long from = Math.max(added.from().value(), index.value() + 1);
            if (event.action() == KeyEvent.Action.ROTATE) {
                retire(after, added.key().use(), from);
            }
            if (after.putIfAbsent(added.key().keyid(), new Span(added.key(), from, Long.MAX_VALUE, false, -1))
                    != null) {
                throw new UnauthorisedException(
                        "key " + added.key().keyid() + " was declared before: a key has one use, once");
            }
        }
        for (KeyEvent.Revoked revoked : event.revoked()) {
            Span span = after.get(revoked.keyid());
            if (span == null) {
                throw new UnauthorisedException("it revokes key " + revoked.keyid() + ", which the log never declared");
            }
            long end = Math.min(span.end(), index.value() + 1);
            long compromised = earlier(span.compromisedFrom(), revoked.compromisedFrom());
            after.put(revoked.keyid(), new Span(span.key(), span.from(), end, true, compromised));
        }
        return new KeyRing(log, after, event.payloadDigest(), events + 1);
    }

    /** What one revocation made suspect no other lifts. */
    private static long earlier(long before, @Nullable SequenceNumber named) {
        return named == null || before >= 0 && before < named.value() ? before : named.value();
    }

    private static void retire(Map<KeyId, Span> spans, KeyUse use, long end) {
        for (Map.Entry<KeyId, Span> entry : spans.entrySet()) {
            Span span = entry.getValue();
            if (span.key().use() == use && span.end() > end && span.from() < end) {
                entry.setValue(new Span(span.key(), span.from(), end, span.revoked(), span.compromisedFrom()));
            }
        }
    }

    private void requireAuthorised(KeyEvent event, SequenceNumber index, SignatureChecker checker)
            throws UnauthorisedException, UncheckableException {
        if (!event.genesis().equals(log.genesis())) {
            throw new UnauthorisedException(
                    "it is for the log with genesis " + event.genesis() + ", not for " + log.genesis());
        }
        if (!event.previous().equals(previous)) {
            throw new UnauthorisedException(
                    "it follows " + event.previous() + ", but the last authorised one is " + previous);
        }
        boolean revokes = event.action() == KeyEvent.Action.REVOKE;
        if (revokes == event.revoked().isEmpty() || revokes != event.keys().isEmpty()) {
            throw new UnauthorisedException("action " + event.action().text() + " with "
                    + event.keys().size() + " new and " + event.revoked().size() + " revoked keys means nothing");
        }
        Bytes signed = event.authorisation().signedBytes();
        int authorities = 0;
        for (DsseSignature signature : event.authorisation().signatures()) {
            Optional<DeclaredKey> key = inForce(KeyUse.AUTHORITY, signature.keyid(), index);
            if (key.isPresent() && checker.verify(key.get(), signed, signature.sig())) {
                authorities++;
            }
        }
        if (authorities < log.authorityThreshold()) {
            throw new UnauthorisedException("it carries " + authorities + " valid authority signatures; "
                    + log.authorityThreshold() + " are needed");
        }
        for (KeyEvent.NewKey added : event.keys()) {
            if (added.key().use() == KeyUse.LOG
                    && added.key().algorithm() != Algorithm.ED25519_SHA_512
                    && added.key().algorithm() != Algorithm.ML_DSA_44) {
                throw new UnauthorisedException("the new log key " + added.key().keyid() + " is "
                        + added.key().algorithm()
                        + ", and checkpoints are notes signed with ED25519_SHA_512 and, beside it, ML_DSA_44");
            }
            boolean possessed = false;
            for (DsseSignature signature : event.authorisation().signatures()) {
                possessed |= signature.keyid().equals(added.key().keyid())
                        && checker.verify(added.key(), signed, signature.sig());
            }
            if (!possessed) {
                throw new UnauthorisedException("the new key " + added.key().keyid() + " did not sign it");
            }
        }
    }

    /** A key event that must not be believed. The message says why. */
    public static final class UnauthorisedException extends Exception {
        private static final long serialVersionUID = 1L;

        public UnauthorisedException(String message) {
            super("the key event is not authorised: " + message);
        }
    }
}
