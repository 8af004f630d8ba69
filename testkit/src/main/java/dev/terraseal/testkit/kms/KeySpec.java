package dev.terraseal.testkit.kms;

import java.util.List;

/** Key specs and their signing algorithms, by "Key spec reference" in the AWS KMS Developer Guide. */
public enum KeySpec {
    ECC_NIST_P256("EC", 0, "ECDSA_SHA_256"),
    /** An elliptic curve Terraseal does not use; its keys can be made only to be refused. */
    ECC_NIST_P384("EC", 384, "ECDSA_SHA_384"),
    ECC_NIST_EDWARDS25519("Ed25519", 0, "ED25519_SHA_512"),
    ML_DSA_44("ML-DSA", 0, "ML_DSA_SHAKE_256"),
    ML_DSA_65("ML-DSA", 0, "ML_DSA_SHAKE_256"),
    RSA_2048("RSA", 2048, "RSASSA_PSS_SHA_256", "RSASSA_PKCS1_V1_5_SHA_256"),
    RSA_3072("RSA", 3072, "RSASSA_PSS_SHA_256", "RSASSA_PKCS1_V1_5_SHA_256");

    private final String generator;
    private final int bits;
    private final String algorithms;

    KeySpec(String generator, int bits, String... algorithms) {
        this.generator = generator;
        this.bits = bits;
        this.algorithms = String.join(" ", algorithms);
    }

    boolean isMlDsa() {
        return generator.equals("ML-DSA");
    }

    String generator() {
        return generator;
    }

    int bits() {
        return bits;
    }

    List<String> algorithms() {
        return List.of(algorithms.split(" "));
    }
}
