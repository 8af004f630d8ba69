package dev.terraseal.keys.pkcs11;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.keys.kms.Backoff;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;

/** Signs in the token and checks each answer: a signature that does not verify must never be recorded. */
final class Pkcs11Signer implements MessageSigner {
    /** A token that is away is asked again after this; whoever waits sees the reason meanwhile. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final DeclaredKey key;
    private final Pkcs11Uri uri;
    private final Provider provider;
    private final PrivateKey secret;
    private final SignatureChecker checker;
    private final Backoff.Pause pause;

    Pkcs11Signer(
            DeclaredKey key,
            Pkcs11Uri uri,
            Provider provider,
            PrivateKey secret,
            SignatureChecker checker,
            Backoff.Pause pause) {
        this.key = key;
        this.uri = uri;
        this.provider = provider;
        this.secret = secret;
        this.checker = checker;
        this.pause = pause;
    }

    @Override
    public DeclaredKey key() {
        return key;
    }

    @Override
    public Bytes sign(Bytes message) throws SigningException {
        Bytes signature;
        try {
            Signature signing = Signature.getInstance(key.algorithm().signatureName(), provider);
            if (key.algorithm() == Algorithm.RSASSA_PSS_SHA_256) {
                signing.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signing.initSign(secret);
            signing.update(message.asReadOnlyBuffer());
            signature = Bytes.wrap(signing.sign());
        } catch (ProviderException away) {
            throw passing(away);
        } catch (GeneralSecurityException refused) {
            throw SigningException.lasting(
                    uri + " does not sign with " + key.algorithm() + " (" + Pkcs11Key.reason(refused)
                            + "). Check what the token allows this key to do, and start again",
                    refused);
        }
        requireValid(message, signature);
        return signature;
    }

    private SigningException passing(ProviderException away) {
        try {
            pause.of(AGAIN);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        return SigningException.passing(
                "the token of " + uri + " did not sign (" + Pkcs11Key.reason(away)
                        + "); it is asked again. If it was pulled or restarted, put it back and start this service again",
                away);
    }

    private void requireValid(Bytes message, Bytes signature) throws SigningException {
        try {
            if (!checker.verify(key, message, signature)) {
                throw SigningException.lasting("the token answered with a signature that does not verify under key "
                        + key.keyid() + ": the certificate beside the key " + uri + " is of another key. Find out who"
                        + " changed it before anything is signed again");
            }
        } catch (UncheckableException missing) {
            throw SigningException.lasting(String.valueOf(missing.getMessage()), missing);
        }
    }
}
