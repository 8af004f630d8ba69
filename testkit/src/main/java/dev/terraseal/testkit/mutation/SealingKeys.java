package dev.terraseal.testkit.mutation;

import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.RsaSealer;
import java.math.BigInteger;

/** Seals by RSA keys of every size and exponent that some program takes and another does not. */
final class SealingKeys {
    private static final Expected BAD = Expected.refused("seal", "bad-seal");
    private static final Expected HOLDS = Expected.unproven("");

    private SealingKeys() {}

    static void add(Draft draft) {
        seal(draft, 2048, "3", HOLDS);
        seal(draft, 2048, "65537", HOLDS);
        seal(draft, 3072, "65537", HOLDS);
        seal(draft, 2048, "4294967291", HOLDS);
        seal(draft, 2048, "4294967311", BAD);
        seal(draft, 2048, "8589934609", BAD);
        seal(draft, 2048, "1099511627791", BAD);
        seal(draft, 2048, "36893488147419103363", BAD);
    }

    private static void seal(Draft draft, int bits, String exponent, Expected expected) {
        RsaSealer sealer = RsaSealer.seeded(bits, new BigInteger(exponent), draft.seed());
        BundleBytes bundle = draft.bundle().with("export_key.pem", sealer.pem());
        draft.add(
                "sealed with RSA of " + bits + " bits and exponent " + exponent,
                true,
                new Mutation.Files(bundle.sealedWith(sealer::sign)),
                draft.base().asked(),
                expected);
    }
}
