package dev.terraseal.sequencer.state;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.Rejection;
import dev.terraseal.core.statement.RejectionReason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code source.verified} is ingest's word, so it counts only with ingest's signature beside it (FORMATS section 2).
 * Without this check whoever can write the events topic could say to be anyone.
 */
final class VerifiedIdentity {
    private static final int CLAIMED_ONLY_BYTES = "{\"claimed\":}".length();

    private final SignatureChecker checker;
    private final Digest genesis;

    VerifiedIdentity(SignatureChecker checker, Digest genesis) {
        this.checker = checker;
        this.genesis = genesis;
    }

    /** Null if the event says nothing about a verified identity, or something an ingest key in force signed. */
    @Nullable Rejection check(Event event, Digest contentDigest, KeyRing keys, SequenceNumber index) {
        Bytes source = event.source();
        Bytes claimed = event.claimed();
        if (source == null || claimed != null && source.length() == claimed.length() + CLAIMED_ONLY_BYTES) {
            return null;
        }
        try {
            Json.Obj members = CanonicalJson.parseObject(source).requireMembers("claimed?", "verified?", "verifiedBy?");
            if (!members.has("verified") && !members.has("verifiedBy")) {
                return null;
            }
            if (!members.has("verified") || !members.has("verifiedBy")) {
                return refused("'verified' and 'verifiedBy' come together or not at all");
            }
            return checkSignature(members, contentDigest, keys, index);
        } catch (JsonException wrong) {
            return refused("'source' cannot be read: " + wrong.getMessage());
        } catch (SignatureChecker.UncheckableException missing) {
            throw new IllegalStateException(
                    "an ingest key of this log uses an algorithm this Java platform cannot check; run the sequencer with Bouncy Castle on its class path",
                    missing);
        }
    }

    private @Nullable Rejection checkSignature(
            Json.Obj source, Digest contentDigest, KeyRing keys, SequenceNumber index)
            throws SignatureChecker.UncheckableException {
        Json.Obj by = source.object("verifiedBy").requireMembers("keyid", "sig");
        KeyId keyid = new KeyId(by.digest("keyid"));
        Optional<DeclaredKey> key = keys.inForce(KeyUse.INGEST, keyid, index);
        if (key.isEmpty()) {
            return refused("'verifiedBy' names key " + keyid + ", which is no ingest key of this log in force");
        }
        Bytes signed = signed(contentDigest, genesis, source.object("verified"));
        return checker.verify(key.get(), signed, by.base64("sig"))
                ? null
                : refused(
                        "the signature in 'verifiedBy' is not key " + keyid
                                + "'s over this content and identity; send the event through ingest, which signs what it verified");
    }

    /** What an ingest key signs. */
    static Bytes signed(Digest contentDigest, Digest genesis, Json.Obj verified) {
        return Dsse.pae(
                Dsse.IDENTITY,
                Json.obj()
                        .put("contentSha256", contentDigest)
                        .put("genesis", genesis)
                        .put("verified", verified)
                        .build()
                        .bytes());
    }

    private static Rejection refused(String message) {
        return new Rejection(RejectionReason.UNAUTHENTICATED_IDENTITY, message);
    }
}
