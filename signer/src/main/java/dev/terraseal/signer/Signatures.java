package dev.terraseal.signer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SigningException;
import java.util.ArrayList;
import java.util.List;

/**
 * The signatures of all keys that sign one payload. What was made is kept over a failure that passes: a key service that
 * answered is not asked again because another did not. One thread at a time.
 */
final class Signatures {
    private final List<MessageSigner> signers;
    private final String payloadType;
    private final Bytes payload;
    private final List<DsseSignature> made = new ArrayList<>();

    Signatures(List<MessageSigner> signers, String payloadType, Bytes payload) {
        this.signers = List.copyOf(signers);
        this.payloadType = payloadType;
        this.payload = payload;
    }

    /** All of them, in the order of the keys. */
    List<DsseSignature> make() throws SigningException {
        Bytes message = Dsse.pae(payloadType, payload);
        while (made.size() < signers.size()) {
            MessageSigner next = signers.get(made.size());
            made.add(new DsseSignature(next.key().keyid(), next.sign(message)));
        }
        return List.copyOf(made);
    }
}
