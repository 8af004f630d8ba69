package dev.terraseal.core.timestamp;

import dev.terraseal.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A TimeStampResp taken apart (RFC 3161, RFC 5652): one signer, its signed attributes, and the certificates it came with.
 *
 * @param signed what the signature is over: the signed attributes as a SET
 * @param hash of the attributes
 */
record TokenParts(
        TokenInfo info,
        List<Certificate> certificates,
        SignerAttributes attributes,
        Bytes signed,
        HashAlgorithm hash,
        SignatureForm form,
        Bytes signature,
        Bytes signerId) {
    private static final String SIGNED_DATA = "1.2.840.113549.1.7.2";
    private static final String TST_INFO = "1.2.840.113549.1.9.16.1.4";
    private static final int CERTIFICATES_MAX = 16;

    TokenParts {
        certificates = List.copyOf(certificates);
    }

    static TokenParts parse(Bytes response) throws TokenException, UncheckableTokenException {
        if (response.length() > TimeStampToken.BYTES_MAX) {
            throw new TokenException("it has more than " + TimeStampToken.BYTES_MAX + " bytes");
        }
        Der outer = new Der(response);
        Der fields = outer.enter(Der.SEQUENCE, "TimeStampResp");
        outer.end("TimeStampResp");
        int status = fields.enter(Der.SEQUENCE, "PKIStatusInfo").small("status");
        if (status > 1) {
            throw new TokenException("the authority refused (status " + status + ")");
        }
        Der token = fields.enter(Der.SEQUENCE, "TimeStampToken");
        fields.end("TimeStampResp");
        require(token.object("content type"), SIGNED_DATA);
        Der explicit = token.enter(Der.CONTEXT_0, "SignedData");
        token.end("TimeStampToken");
        Der data = explicit.enter(Der.SEQUENCE, "SignedData");
        explicit.end("SignedData");
        return signedData(data);
    }

    private static TokenParts signedData(Der data) throws TokenException, UncheckableTokenException {
        data.small("version");
        data.read(Der.SET, "digest algorithms");
        Der content = data.enter(Der.SEQUENCE, "content");
        require(content.object("content type"), TST_INFO);
        Der wrapped = content.enter(Der.CONTEXT_0, "content");
        content.end("content");
        Bytes info = wrapped.read(Der.OCTETS, "TSTInfo");
        wrapped.end("content");
        Bytes certificates = data.optional(Der.CONTEXT_0, "certificates");
        data.optional(Der.CONTEXT_1, "revocation lists");
        Der signers = data.enter(Der.SET, "signers");
        data.end("SignedData");
        Der signer = signers.enter(Der.SEQUENCE, "signer");
        signers.end("signers: a token has one signer");
        signer.small("version");
        Bytes id = signer.tag() == Der.SEQUENCE
                ? signer.element(Der.SEQUENCE, "signer id")
                : signer.element(0x80, "signer id");
        HashAlgorithm hash = HashAlgorithm.read(signer.enter(Der.SEQUENCE, "hash algorithm"));
        Bytes attributes = signer.element(Der.CONTEXT_0, "signed attributes");
        SignatureForm form = SignatureForm.read(signer.enter(Der.SEQUENCE, "signature algorithm"));
        Bytes signature = signer.read(Der.OCTETS, "signature");
        signer.optional(Der.CONTEXT_1, "unsigned attributes");
        signer.end("signer");
        if (form.hash() != null && form.hash() != hash) {
            throw new TokenException("its signature and its attributes use two hashes");
        }
        // RFC 5652 section 5.4: signed as a SET, though they lie there under another tag.
        Bytes signed = Bytes.concat(Bytes.wrap(new byte[] {Der.SET}), attributes.slice(1, attributes.length()));
        SignerAttributes read = SignerAttributes.parse(signed);
        if (!read.messageDigest().equals(hash.digest(info))) {
            throw new TokenException("its signed attributes are of another TSTInfo");
        }
        return new TokenParts(
                TokenInfo.parse(info), certificates(certificates), read, signed, hash, form, signature, id);
    }

    private static List<Certificate> certificates(@Nullable Bytes content) throws TokenException {
        List<Certificate> out = new ArrayList<>();
        Der all = new Der(content == null ? Bytes.EMPTY : content);
        while (all.hasMore()) {
            if (out.size() == CERTIFICATES_MAX) {
                throw new TokenException("it has more than " + CERTIFICATES_MAX + " certificates");
            }
            out.add(Certificate.parse(all.element(Der.SEQUENCE, "certificate")));
        }
        return out;
    }

    /** The certificate that the signed attributes name, which has to be the one the signer's id names. */
    Certificate signer() throws TokenException {
        for (Certificate each : certificates) {
            if (attributes.names(each)) {
                requireId(each);
                return each;
            }
        }
        throw new TokenException("the certificate that signed it is not in it: ask the authority for it (certReq)");
    }

    private void requireId(Certificate signer) throws TokenException {
        if ((signerId.at(0) & 0xff) == Der.SEQUENCE) {
            Der id = new Der(signerId).enter(Der.SEQUENCE, "signer id");
            Bytes issuer = id.element(Der.SEQUENCE, "issuer");
            Bytes serial = id.integer("serial number");
            id.end("signer id");
            if (issuer.equals(signer.issuer()) && serial.equals(signer.serial())) {
                return;
            }
        } else {
            byte[] extension = signer.x509().getExtensionValue("2.5.29.14");
            if (extension != null) {
                Bytes inner = new Der(Bytes.wrap(extension)).read(Der.OCTETS, "key identifier");
                Bytes named = new Der(signerId).read(0x80, "signer id");
                if (new Der(inner).read(Der.OCTETS, "key identifier").equals(named)) {
                    return;
                }
            }
        }
        throw new TokenException("its signer's id is of another certificate than its signed attributes name");
    }

    private static void require(String object, String wanted) throws TokenException {
        if (!object.equals(wanted)) {
            throw new TokenException("its content is " + object + ", not " + wanted);
        }
    }
}
