package dev.terraseal.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.Providers;
import dev.terraseal.keys.local.SoftSigner;
import dev.terraseal.signer.check.Entry;
import dev.terraseal.signer.check.RefusedEntryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements and batches under a key of each kind, where the log has both in force. */
class SecondSignatureTest {
    private final SignatureChecker checker = new SignatureChecker(Providers.fast());
    private final SoftSigner second = Chained.freshAttestKey(Algorithm.ML_DSA_65);

    @TempDir
    private Path temp;

    private Chained chained;
    private MemoryTopics topics;

    @BeforeEach
    void begin() throws Exception {
        chained = Chained.born(temp);
        topics = new MemoryTopics(chained.log);
    }

    private Loops loops() {
        return new Loops(chained, topics, Runnable::run).atOnce().within(5, 1 << 20);
    }

    private KeyInForce local() {
        return new KeyInForce(KeyUse.ATTEST, chained.keys::signer);
    }

    private static void run(SigningLoop loop) throws Exception {
        for (int i = 0; i < 200; i++) {
            loop.turn();
        }
    }

    private void assertSigned(List<DsseSignature> signatures, Bytes message, DeclaredKey... keys) throws Exception {
        assertThat(signatures)
                .extracting(DsseSignature::keyid)
                .containsExactlyElementsOf(
                        List.of(keys).stream().map(DeclaredKey::keyid).toList());
        for (int i = 0; i < keys.length; i++) {
            assertThat(checker.verify(keys[i], message, signatures.get(i).sig()))
                    .isTrue();
        }
    }

    private void assertSigned(int entry, DeclaredKey... keys) throws Exception {
        Signed signed = topics.attestations().get(entry);
        assertSigned(
                ((Signed.Own) signed.signature()).signatures(),
                Dsse.pae(Dsse.STATEMENT, signed.statement().bytes()),
                keys);
    }

    @Test
    void fromTheEntryAfterItsKeyWasAddedOnEveryStatementCarriesBoth() throws Exception {
        chained.keys.store(List.of(second));
        topics.append(chained.entries(3));
        topics.append(List.of(chained.addition(second)));
        topics.append(chained.entries(6));
        run(loops().loop(local()));
        assertThat(topics.attestations()).hasSize(10);
        for (int i = 0; i < 4; i++) {
            assertSigned(i, chained.attestKey());
        }
        for (int i = 4; i < 10; i++) {
            assertSigned(i, chained.attestKey(), second.key());
        }
        topics.rollBack(7);
        run(loops().loop(local()));
        assertSigned(9, chained.attestKey(), second.key());
    }

    @Test
    void withoutItsPrivateKeyNothingIsSignedFromThereOn() throws Exception {
        topics.append(chained.entries(3));
        topics.append(List.of(chained.addition(second)));
        topics.append(chained.entries(2));
        assertThatThrownBy(() -> run(loops().loop(local())))
                .isInstanceOf(RefusedEntryException.class)
                .hasMessageContaining(
                        "entry 4 is to be signed by attest key " + second.key().keyid());
        assertThat(topics.attestations()).hasSize(4);
        chained.keys.store(List.of(second));
        run(loops().loop(local()));
        assertSigned(5, chained.attestKey(), second.key());
    }

    @Test
    void anAlgorithmChangesFromP256OverRsaToMlDsa() throws Exception {
        SoftSigner rsa = Chained.freshAttestKey(Algorithm.RSASSA_PSS_SHA_256);
        topics.append(chained.entries(2));
        topics.append(List.of(chained.rotation(rsa, 0)));
        topics.append(chained.entries(2));
        topics.append(List.of(chained.rotation(second, 0)));
        topics.append(chained.entries(2));
        run(loops().loop(local()));
        DeclaredKey[] signers = {chained.attestKey(), rsa.key(), second.key()};
        for (int i = 0; i < 8; i++) {
            assertSigned(i, signers[i / 3]);
        }
    }

    @Test
    void aBatchCarriesBoth() throws Exception {
        chained.keys.store(List.of(second));
        List<Admitted> batch = new ArrayList<>();
        chained.entries(1);
        chained.addition(second);
        for (Entry entry : chained.entries(4)) {
            batch.add(new Admitted(
                    entry.source(),
                    Statement.parse(entry.statement()),
                    List.of(chained.attest(), second),
                    KeyRing.of(chained.log)));
        }
        MemoryShelf shelf = new MemoryShelf();
        new SignBatch(chained.log, shelf, batch, null).attempt();
        Envelope kept = shelf.kept().values().iterator().next();
        assertSigned(kept.signatures(), kept.signedBytes(), chained.attestKey(), second.key());
    }

    /** A key service that does not answer the first time. */
    private static final class Late implements MessageSigner {
        private final MessageSigner signer;
        private int asked;

        Late(MessageSigner signer) {
            this.signer = signer;
        }

        @Override
        public DeclaredKey key() {
            return signer.key();
        }

        @Override
        public Bytes sign(Bytes message) throws SigningException {
            asked++;
            if (asked == 1) {
                throw SigningException.passing("throttled", new IllegalStateException("later"));
            }
            return signer.sign(message);
        }
    }

    @Test
    void aKeyThatSignedIsNotAskedAgainBecauseTheOtherWasPutOff() throws Exception {
        int[] calls = new int[1];
        MessageSigner first = new MessageSigner() {
            @Override
            public DeclaredKey key() {
                return chained.attestKey();
            }

            @Override
            public Bytes sign(Bytes message) throws SigningException {
                calls[0]++;
                try {
                    return chained.attest().sign(message);
                } catch (SigningException failed) {
                    throw failed;
                } catch (Exception broken) {
                    throw new AssertionError(broken);
                }
            }
        };
        Signatures signatures = new Signatures(List.of(first, new Late(second)), Dsse.STATEMENT, Bytes.utf8("{}"));
        assertThatThrownBy(signatures::make).isInstanceOf(SigningException.class);
        assertSigned(signatures.make(), Dsse.pae(Dsse.STATEMENT, Bytes.utf8("{}")), chained.attestKey(), second.key());
        assertThat(calls[0]).isEqualTo(1);
    }
}
