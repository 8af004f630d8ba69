package dev.terraseal.testkit.tsa;

/** What may be wrong with a token. */
public enum Flaw {
    NONE,
    /** Of other bytes than were sent. */
    OTHER_IMPRINT,
    OTHER_NONCE,
    OTHER_POLICY,
    /** The certificate that signs was valid before, not at the token's time. */
    EXPIRED,
    NOT_YET_VALID,
    /** The certificate is not for time stamps. */
    NO_USAGE,
    USAGE_NOT_CRITICAL,
    TWO_USAGES,
    /** Signed with a key that is not the certificate's. */
    OTHER_KEY,
    /** The signed attributes are of another TSTInfo. */
    OTHER_CONTENT,
    /** The signed attributes name another certificate. */
    OTHER_CERTIFICATE,
    /** Without any certificate. */
    NO_CERTIFICATES,
    /** Without the certificate between signer and root. */
    BROKEN_CHAIN,
    /** Issued by a certificate that may not issue. */
    ISSUED_BY_NO_AUTHORITY,
    /** Two signers. */
    TWO_SIGNERS,
    /** The authority says no. */
    REFUSED
}
