package dev.terraseal.core.timestamp;

import dev.terraseal.core.bytes.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes a token may use for what proves something; SHA-1 only where it names a certificate. */
enum HashAlgorithm {
    SHA1("1.3.14.3.2.26", "SHA-1"),
    SHA256("2.16.840.1.101.3.4.2.1", "SHA-256"),
    SHA384("2.16.840.1.101.3.4.2.2", "SHA-384"),
    SHA512("2.16.840.1.101.3.4.2.3", "SHA-512");

    private final String object;
    private final String digest;

    HashAlgorithm(String object, String digest) {
        this.object = object;
        this.digest = digest;
    }

    static HashAlgorithm of(String object) throws TokenException {
        for (HashAlgorithm each : values()) {
            if (each != SHA1 && each.object.equals(object)) {
                return each;
            }
        }
        throw new TokenException("it uses the hash " + object + "; SHA-256, SHA-384 and SHA-512 prove something here");
    }

    /** An AlgorithmIdentifier of a hash: no parameters, or NULL. */
    static HashAlgorithm read(Der algorithm) throws TokenException {
        HashAlgorithm hash = of(algorithm.object("hash algorithm"));
        algorithm.optional(0x05, "NULL");
        algorithm.end("hash algorithm");
        return hash;
    }

    Bytes digest(Bytes content) {
        try {
            MessageDigest hash = MessageDigest.getInstance(digest);
            content.update(hash);
            return Bytes.wrap(hash.digest());
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has " + digest, missing);
        }
    }
}
