package dev.terraseal.keys.pkcs11;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.keys.KeySource;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.Providers;
import dev.terraseal.keys.kms.Backoff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One private key of a token. The JDK shows a private key only beside a certificate with the same CKA_ID, which is also
 * where the public half comes from; nothing else of the certificate is read. P-256 and RSA: SunPKCS11 of JDK 17 has no
 * Ed25519, so a token cannot sign checkpoints.
 */
public final class Pkcs11Key implements KeySource {
    private static final String PIN_VARIABLE = "TERRASEAL_PKCS11_PIN";
    private static final int PIN_MAX = 1024;

    private final Pkcs11Uri uri;
    private final Backoff.Pause pause;
    private final SignatureChecker checker = new SignatureChecker(Providers.fast());
    private @Nullable Opened opened;

    private record Opened(Provider provider, PrivateKey key, Bytes spki, List<Algorithm> algorithms) {}

    /** Nothing is loaded yet. */
    public Pkcs11Key(Pkcs11Uri uri, Backoff.Pause pause) {
        this.uri = uri;
        this.pause = pause;
    }

    @Override
    public DeclaredKey declaration(KeyUse use, @Nullable Algorithm algorithm) throws KeyUnavailableException {
        Opened key = open();
        if (use == KeyUse.LOG) {
            throw new KeyUnavailableException(uri + " was given for 'log': checkpoints are signed by Ed25519, which"
                    + " SunPKCS11 of JDK 17 does not do; take a local key or AWS KMS for that");
        }
        Algorithm chosen = algorithm == null ? key.algorithms().get(0) : algorithm;
        if (!key.algorithms().contains(chosen)) {
            throw new KeyUnavailableException(uri + " cannot sign with " + chosen + ", only with " + key.algorithms()
                    + "; choose one of these, or another key");
        }
        return DeclaredKey.of(use, chosen, key.spki());
    }

    @Override
    public MessageSigner signer(List<DeclaredKey> declared) throws KeyUnavailableException {
        Opened key = open();
        for (DeclaredKey candidate : declared) {
            if (candidate.spki().equals(key.spki())) {
                return new Pkcs11Signer(candidate, uri, key.provider(), key.key(), checker, pause);
            }
        }
        throw new KeyUnavailableException(uri + " is key " + KeyId.of(key.spki())
                + ", which the log does not declare; it declares "
                + declared.stream().map(each -> each.keyid().hex()).collect(Collectors.joining(", "))
                + ". Give the URI of one of these, or bring this key in by terraseal key rotate");
    }

    private synchronized Opened open() throws KeyUnavailableException {
        Opened before = opened;
        if (before != null) {
            return before;
        }
        Provider provider = provider();
        try {
            KeyStore token = KeyStore.getInstance("PKCS11", provider);
            token.load(null, pin());
            Certificate certificate = token.getCertificate(uri.object());
            if (certificate == null || !(token.getKey(uri.object(), null) instanceof PrivateKey key)) {
                throw new KeyUnavailableException(
                        uri + " names no private key with a certificate beside it (same label,"
                                + " same CKA_ID), which the JDK needs to see a key; keytool -genkeypair makes both");
            }
            Bytes spki = Bytes.copyOf(certificate.getPublicKey().getEncoded());
            Opened now = new Opened(provider, key, spki, algorithms(certificate, spki));
            opened = now;
            return now;
        } catch (GeneralSecurityException | IOException | ProviderException refused) {
            throw new KeyUnavailableException(
                    uri + " cannot be opened (" + reason(refused) + "); check slot-id, PIN and the token's library",
                    refused);
        }
    }

    private List<Algorithm> algorithms(Certificate certificate, Bytes spki) throws KeyUnavailableException {
        List<Algorithm> out = certificate.getPublicKey() instanceof RSAPublicKey
                ? List.of(Algorithm.RSASSA_PSS_SHA_256, Algorithm.RSASSA_PKCS1_V1_5_SHA_256)
                : List.of(Algorithm.ECDSA_SHA_256);
        String why = out.get(0).whyNotCanonical(spki).orElse("");
        if (!why.isEmpty()) {
            throw new KeyUnavailableException(
                    uri + ": the key " + why + "; make a P-256 key or an RSA key of 2048 bits or more");
        }
        return out;
    }

    /** One for each token; what the library holds open ends with the process. */
    private Provider provider() throws KeyUnavailableException {
        Provider prototype = Security.getProvider("SunPKCS11");
        if (prototype == null) {
            throw new KeyUnavailableException(uri + ": this Java runtime has no SunPKCS11 provider (module"
                    + " jdk.crypto.cryptoki); run with a JDK that has it");
        }
        if (!Files.isReadable(uri.module())) {
            throw new KeyUnavailableException(
                    uri.module() + " cannot be read: give the token's library in module-path");
        }
        try {
            return prototype.configure(
                    "--name=terraseal-" + uri.slot() + "\nlibrary=" + uri.module() + "\nslot=" + uri.slot() + "\n");
        } catch (InvalidParameterException | ProviderException | UnsupportedOperationException refused) {
            throw new KeyUnavailableException(
                    uri + " cannot be opened (" + reason(refused) + "); check slot-id and the token's library",
                    refused);
        }
    }

    private char[] pin() throws KeyUnavailableException, IOException {
        Path source = uri.pinSource();
        if (source == null) {
            String pin = System.getenv(PIN_VARIABLE);
            if (pin == null) {
                throw new KeyUnavailableException(
                        uri + " has no PIN: give pin-source=file:/… in it, or set " + PIN_VARIABLE);
            }
            return pin.toCharArray();
        }
        if (!Files.isReadable(source)) {
            throw new KeyUnavailableException(
                    "the PIN file " + source + " cannot be read; run as the user who owns it");
        }
        dev.terraseal.keys.local.PrivateKeyFile.requirePrivate(source);
        if (Files.size(source) > PIN_MAX) {
            throw new KeyUnavailableException(source + " is longer than a PIN can be");
        }
        return Files.readString(source).strip().toCharArray();
    }

    /** The innermost message: CKR_PIN_INCORRECT and its like say more than what wraps them. */
    static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost.getMessage() == null ? innermost.toString() : innermost.getMessage();
    }

    @Override
    public void close() {
        // Sessions belong to the JDK's provider, which other keys of the token share.
    }
}
