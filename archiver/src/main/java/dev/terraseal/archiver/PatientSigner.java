package dev.terraseal.archiver;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SigningException;

/** A key whose passing failures are waited out. */
final class PatientSigner implements MessageSigner {
    private final MessageSigner signer;
    private final Patience patience;

    PatientSigner(MessageSigner signer, Patience patience) {
        this.signer = signer;
        this.patience = patience;
    }

    @Override
    public DeclaredKey key() {
        return signer.key();
    }

    @Override
    public Bytes sign(Bytes message) throws SigningException {
        return patience.until(SigningException.class, SigningException::retryable, () -> signer.sign(message));
    }
}
