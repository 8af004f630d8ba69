package dev.terraseal.core.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Ed25519 keys of the JDK, and log declarations and key events signed with them. */
record TestKeys(KeyPair pair, DeclaredKey declared) {
    static TestKeys of(KeyUse use) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            Bytes spki = Bytes.copyOf(pair.getPublic().getEncoded());
            return new TestKeys(pair, DeclaredKey.of(use, Algorithm.ED25519_SHA_512, spki));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    DsseSignature sign(Bytes message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(message.toByteArray());
            return new DsseSignature(declared.keyid(), Bytes.wrap(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static LogDeclaration.Fields fields(int threshold, TestKeys... keys) {
        List<DeclaredKey> all = new ArrayList<>();
        for (TestKeys key : keys) {
            all.add(key.declared());
        }
        return new LogDeclaration.Fields(
                new LogOrigin("logs.example.com/test"),
                Bytes.wrap(new byte[32]),
                Timestamp.parse("2026-11-22T00:00:00.000Z"),
                all,
                threshold,
                all.stream()
                        .filter(key -> key.use() == KeyUse.AUTHORITY)
                        .map(DeclaredKey::keyid)
                        .toList(),
                524_288,
                64,
                Duration.ofMinutes(10),
                Duration.ofDays(365),
                null);
    }

    static Json.Obj newKey(TestKeys key, long from) {
        return Json.obj()
                .put("algorithm", key.declared().algorithm().name())
                .put("from", from)
                .put("keyid", key.declared().keyid().hex())
                .put("spki", key.declared().spki().base64())
                .put("use", key.declared().use().text())
                .build();
    }

    static KeyEvent event(Json.Obj payload, TestKeys... signers) {
        Bytes bytes = payload.bytes();
        List<DsseSignature> signatures = new ArrayList<>();
        for (TestKeys signer : signers) {
            signatures.add(signer.sign(Dsse.pae(Dsse.KEY_EVENT, bytes)));
        }
        Envelope envelope = new Envelope(Dsse.KEY_EVENT, bytes, signatures);
        return KeyEvent.fromBody(
                Json.obj().put("authorisation", envelope.json()).build());
    }
}
