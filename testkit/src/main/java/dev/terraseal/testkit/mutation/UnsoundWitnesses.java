package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.NoteKeyType;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.TestKey;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A head that many saw before an algorithm broke: whose word still counts afterwards, and whose could be forged. */
final class UnsoundWitnesses {
    private static final Instant EARLY = Instant.parse("2026-11-22T01:30:00Z");
    private static final String BROKE = "2027-01-01T00:00:00.000Z";
    private static final Instant LATE = Instant.parse("2027-02-01T00:00:00Z");

    private static final String ECDSA = "ECDSA_SHA_256";
    private static final String ED = "ED25519_SHA_512";
    private static final String LATTICE = "ML_DSA_44";

    private static final Expected HOLDS = Expected.unproven("");
    private static final Expected STATEMENTS = Expected.refused("signatures", "broken-algorithm");
    private static final Expected HEAD = Expected.refused("checkpoint", "broken-algorithm");
    private static final Expected BAD = Expected.refused("witnesses", "bad-cosignature");

    private final LogFixture log;
    private final SignedNote note;
    private final Draft draft;
    private final List<Witness> witnesses = new ArrayList<>();

    /** Of type 0x04 or 0x06, by the algorithm of its key. */
    private record Witness(String name, TestKey key) {
        boolean isLattice() {
            return key.key().algorithm() == Algorithm.ML_DSA_44;
        }

        String policyLine() {
            VerifierKey known = isLattice() ? lattice() : VerifierKey.ofCosigner(name, key.key());
            return "witness " + name + " " + known.text() + "\n";
        }

        private VerifierKey lattice() {
            Bytes raw = Algorithm.ML_DSA_44.rawKey(key.key().spki());
            return new VerifierKey(name, NoteKeyType.COSIGNATURE_ML_DSA_44, raw);
        }

        SignatureLine on(SignedNote note, Instant at) {
            if (isLattice()) {
                Bytes signature = key.signOrFail(treeMessage(note.text().split("\n"), at));
                Bytes field = Bytes.concat(big(at.getEpochSecond()), signature);
                return new SignatureLine(name, lattice().keyId(), field);
            }
            try {
                return NoteSigner.cosign(note.text(), name, at, key);
            } catch (SigningException broken) {
                throw new IllegalStateException(broken);
            }
        }

        /** From the text of tlog-cosignature, and with nothing of core's. */
        private Bytes treeMessage(String[] head, Instant at) {
            return Bytes.concat(
                    Bytes.utf8("subtree/v1\n\0"),
                    prefixed(name),
                    big(at.getEpochSecond()),
                    prefixed(head[0]),
                    big(0),
                    big(Long.parseLong(head[1])),
                    Digest.fromBase64(head[2]).bytes());
        }

        private static Bytes prefixed(String text) {
            return Bytes.concat(Bytes.wrap(new byte[] {(byte) text.length()}), Bytes.utf8(text));
        }

        private static Bytes big(long number) {
            return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        }
    }

    private UnsoundWitnesses(long seed) {
        log = Logs.small(seed, 0);
        note = log.checkpoint(log.size());
        for (int i = 1; i <= 2; i++) {
            witnesses.add(new Witness("ed" + i, TestKey.seeded(KeyUse.WITNESS, Algorithm.ED25519_SHA_512, 7100 + i)));
            witnesses.add(new Witness("lattice" + i, TestKey.seeded(KeyUse.WITNESS, Algorithm.ML_DSA_44, 7200 + i)));
        }
        draft = TwoReadings.draftOf(
                "unsound witnesses", log, FixtureExport.under(log, note).whole());
    }

    static Draft draft(long seed) {
        UnsoundWitnesses edits = new UnsoundWitnesses(seed);
        edits.ofOneAlgorithm();
        edits.ofTwo();
        return edits.draft;
    }

    private SignatureLine line(String name, Instant at) {
        return witnesses.stream()
                .filter(witness -> witness.name().equals(name))
                .findFirst()
                .orElseThrow()
                .on(note, at);
    }

    private SignedNote seenBy(String... names) {
        SignedNote seen = note;
        for (String name : names) {
            seen = seen.with(line(name, EARLY));
        }
        return seen;
    }

    private void add(String what, SignedNote head, String group, Expected expected, String... broken) {
        StringBuilder policy = new StringBuilder();
        witnesses.forEach(witness -> policy.append(witness.policyLine()));
        policy.append("group enough ").append(group).append("\nquorum enough\n");
        List<Json> algorithms = new ArrayList<>();
        for (String each : broken) {
            algorithms.add(Json.obj().put("algorithm", each).put("after", BROKE).build());
        }
        Bytes trust = Json.obj()
                .put("brokenAlgorithms", Json.arr(algorithms))
                .put("format", 1)
                .put("genesis", log.log().genesis())
                .put("origin", log.log().origin().value())
                .put("witnesses", policy.toString())
                .build()
                .bytes();
        draft.resealed(
                what + ", broken since: " + String.join(" and ", broken),
                FixtureExport.under(log, head).whole(),
                draft.base().asked().trusting(trust),
                expected);
    }

    private void ofOneAlgorithm() {
        SignedNote byEd = seenBy("ed1", "ed2");
        SignedNote byLattice = seenBy("lattice1", "lattice2");
        String ed = "all ed1 ed2";
        String lattice = "all lattice1 lattice2";
        add("seen by Ed25519 witnesses", byEd, ed, HOLDS, ECDSA);
        add("seen by Ed25519 witnesses", byEd, ed, HOLDS, ECDSA, LATTICE);
        add("seen by Ed25519 witnesses", byEd, ed, STATEMENTS, ECDSA, ED);
        add("seen by Ed25519 witnesses", byEd, ed, HEAD, ED);
        add("seen by ML-DSA witnesses", byLattice, lattice, HOLDS, ECDSA);
        add("seen by ML-DSA witnesses", byLattice, lattice, STATEMENTS, ECDSA, LATTICE);
        add("seen by ML-DSA witnesses", byLattice, lattice, HOLDS, ECDSA, ED);
        add("seen by ML-DSA witnesses", byLattice, lattice, HOLDS, ED);
        add("seen by ML-DSA witnesses", byLattice, lattice, STATEMENTS, ECDSA, ED, LATTICE);
    }

    private void ofTwo() {
        SignedNote both = seenBy("ed1", "lattice1");
        add("seen by one of each, who are enough together", both, "2 ed1 lattice1", STATEMENTS, ECDSA, LATTICE);
        add("seen by one of each, who are enough together", both, "2 ed1 lattice1", HEAD, ED);
        add("seen by one of each, of whom one is enough", both, "any ed1 lattice1", HOLDS, ECDSA, LATTICE);
        add("seen by one of each, of whom one is enough", both, "any ed1 lattice1", HOLDS, ECDSA, ED);
        SignedNote late = both.with(line("lattice2", LATE));
        add("seen by enough too late", late, "2 ed1 lattice1 lattice2", HEAD, ED);
        SignatureLine other = line("lattice2", LATE);
        byte[] field = line("lattice2", EARLY).signature().toByteArray();
        field[7] ^= 1;
        SignatureLine backdated = new SignatureLine(other.name(), other.keyId(), Bytes.wrap(field));
        add("seen by enough beside a line that does not hold", both.with(backdated), "any ed1 lattice1", BAD);
        add("seen by enough beside a line that does not hold", both.with(backdated), "any ed1 lattice1", HEAD, ED);
    }
}
