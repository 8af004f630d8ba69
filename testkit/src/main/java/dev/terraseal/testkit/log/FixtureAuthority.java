package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.Algorithm;
import java.util.ArrayList;
import java.util.List;

/** Authorises key events of one log, each following the one before. */
final class FixtureAuthority {
    private static final Json.Obj AT_KMS = Json.obj()
            .put("keyPolicySha256", Digest.of(Bytes.utf8("the policy of the day")))
            .put("kmsArn", "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")
            .build();

    private final Digest genesis;
    private final TestKey authority;
    private Digest previous;

    FixtureAuthority(Digest genesis, TestKey authority) {
        this(genesis, authority, genesis);
    }

    private FixtureAuthority(Digest genesis, TestKey authority, Digest previous) {
        this.genesis = genesis;
        this.authority = authority;
        this.previous = previous;
    }

    /** The body of a key event that introduces {@code next} from leaf index {@code from} on; an RSA key lives at KMS. */
    Json.Obj introducing(String action, TestKey next, long from) {
        Json.Obj introduced = Json.obj()
                .put("algorithm", next.key().algorithm().name())
                .put("from", from)
                .put("keyid", next.key().keyid().hex())
                .put("spki", next.key().spki().base64())
                .put("use", next.key().use().text())
                .build();
        return body(
                Json.obj()
                        .put("action", action)
                        .put("keys", Json.arr(List.of(introduced)))
                        .putIfPresent(
                                "provenance", next.key().algorithm() == Algorithm.RSASSA_PSS_SHA_256 ? AT_KMS : null),
                List.of(authority, next));
    }

    /** The body of a key event that withdraws a key, compromised from an entry on; −1 where it names none. */
    Json.Obj revoking(TestKey key, long compromisedFrom) {
        Json.Obj revoked = Json.obj()
                .put("keyid", key.key().keyid().hex())
                .putIfPresent("compromisedFrom", compromisedFrom < 0 ? null : (Long) compromisedFrom)
                .put("reason", "stolen laptop")
                .build();
        return body(
                Json.obj()
                        .put("action", "revoke")
                        .put("keys", Json.arr(List.of()))
                        .put("revoke", Json.arr(List.of(revoked))),
                List.of(authority));
    }

    /** As {@link #introducing}, but signed by another key where the authority's belongs; the next one does not follow it. */
    Json.Obj forged(TestKey next, long from, TestKey forger) {
        Digest before = previous;
        Json.Obj forged = new FixtureAuthority(genesis, forger, before).introducing("rotate", next, from);
        previous = before;
        return forged;
    }

    private Json.Obj body(Json.Builder event, List<TestKey> signers) {
        Bytes payload = event.put("genesis", genesis)
                .put("previous", previous)
                .put("reason", "rehearsal")
                .build()
                .bytes();
        List<DsseSignature> signatures = new ArrayList<>();
        for (TestKey signer : signers) {
            signatures.add(
                    new DsseSignature(signer.key().keyid(), signer.signOrFail(Dsse.pae(Dsse.KEY_EVENT, payload))));
        }
        previous = Digest.of(payload);
        Envelope authorisation = new Envelope(Dsse.KEY_EVENT, payload, signatures);
        return Json.obj().put("authorisation", authorisation.json()).build();
    }
}
