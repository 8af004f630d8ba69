package dev.terraseal.fuzz;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.Cosignature;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TlogPolicy;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.RangeProof;
import dev.terraseal.core.proof.TlogProof;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.core.statement.StatementIdentity;
import dev.terraseal.core.tiles.EntryBundle;
import dev.terraseal.core.tiles.Tile;
import dev.terraseal.core.tiles.TilePath;
import dev.terraseal.core.timestamp.TimeStampToken;
import dev.terraseal.core.timestamp.TokenException;
import dev.terraseal.core.timestamp.TokenList;
import dev.terraseal.core.timestamp.UncheckableTokenException;
import dev.terraseal.core.witness.AddCheckpoint;
import dev.terraseal.core.witness.SplitView;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.OutcomeRecord;
import dev.terraseal.schemas.RejectedRecord;
import dev.terraseal.schemas.SchemaSource;
import dev.terraseal.schemas.SequencedRecord;
import dev.terraseal.schemas.json.EventJson;
import dev.terraseal.schemas.json.ParsedEvent;
import dev.terraseal.schemas.registry.RegistryUnavailableException;
import dev.terraseal.verifier.VerifyMain;
import dev.terraseal.verifier.bundle.Manifest;
import dev.terraseal.verifier.tlog.ProofFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What reads bytes that somebody else wrote. Each either takes them or refuses them with the one exception it declares;
 * and what it took and can write again, it writes as it was, for in a form with two spellings two verifiers may differ.
 */
enum Target {
    JSON {
        @Override
        void read(Bytes input) {
            same(input, CanonicalJson.parse(input).bytes());
        }
    },
    STATEMENT {
        @Override
        void read(Bytes input) {
            Statement statement = Statement.parse(input);
            same(input, statement.bytes());
            StatementIdentity scanned = StatementIdentity.scan(input);
            if (!scanned.id().equals(statement.id())
                    || !scanned.stream().equals(statement.stream())
                    || !scanned.sequence().equals(statement.sequence())
                    || !scanned.contentDigest().equals(statement.contentDigest())) {
                throw new AssertionError("two readers of one statement read two things");
            }
        }
    },
    IDENTITY {
        @Override
        void read(Bytes input) {
            StatementIdentity.scan(input);
        }
    },
    ENVELOPE {
        @Override
        void read(Bytes input) {
            same(input, Envelope.parse(input).bytes());
        }
    },
    BATCH {
        @Override
        void read(Bytes input) {
            same(input, Batch.parse(input).payload());
        }
    },
    RECEIPT {
        @Override
        void read(Bytes input) {
            same(input, Receipt.parse(input).bytes());
        }
    },
    DECLARATION {
        @Override
        void read(Bytes input) {
            same(input, LogDeclaration.parse(input).bytes());
        }
    },
    RANGE_PROOF {
        @Override
        void read(Bytes input) {
            same(input, RangeProof.parse(input).bytes());
        }
    },
    NOTE {
        @Override
        void read(Bytes input) throws NoteException {
            SignedNote note = SignedNote.parse(input);
            same(input, note.bytes());
            for (SignatureLine line : note.lines()) {
                try {
                    Cosignature.parse(line);
                } catch (NoteException another) {
                    // Most lines are none.
                    continue;
                }
            }
            Checkpoint.parse(note.text());
        }
    },
    POLICY {
        @Override
        void read(Bytes input) throws NoteException {
            TlogPolicy.parse(input);
        }
    },
    ADD_CHECKPOINT {
        @Override
        void read(Bytes input) throws NoteException {
            same(input, AddCheckpoint.parse(input).bytes());
        }
    },
    SPLIT_VIEW {
        @Override
        void read(Bytes input) throws NoteException {
            SplitView proof = SplitView.parse(input);
            same(input, proof.bytes());
            VerifierKey none = VerifierKey.parse(SOME_LOG);
            try {
                proof.verify(List.of(none), new SignatureChecker(null));
            } catch (UncheckableException noEd25519) {
                throw new AssertionError(noEd25519);
            } catch (NoteException notTheirs) {
                // Whatever it says, that key signed nothing of it.
                return;
            }
            throw new AssertionError("proven by a key that signed nothing");
        }
    },
    PROOF {
        @Override
        void read(Bytes input) throws NoteException {
            same(input, TlogProof.parse(input).bytes());
        }
    },
    TILE {
        @Override
        void read(Bytes input) throws ProofException {
            Tile.parse(TilePath.parse("tile/0/000.p/3").orElseThrow(), input);
        }
    },
    ENTRY_BUNDLE {
        @Override
        void read(Bytes input) throws ProofException {
            EntryBundle.parse(TilePath.parse("tile/entries/000.p/2").orElseThrow(), input);
        }
    },
    TILE_PATH {
        @Override
        void read(Bytes input) {
            String path = new String(input.toByteArray(), StandardCharsets.ISO_8859_1);
            TilePath read = TilePath.parse(path).orElseThrow(() -> new IllegalArgumentException("no path of a tile"));
            if (!read.toString().equals(path)) {
                throw new AssertionError("a path with two spellings: " + path);
            }
        }
    },
    EVENT {
        private final EventDecoder decoder = new EventDecoder(1, SchemaSource.none());

        @Override
        void read(Bytes input) {
            try {
                decoder.decode(input.toByteArray()).fold(decoded -> decoded, refused -> {
                    throw new IllegalArgumentException(refused.rejection().toString());
                });
            } catch (RegistryUnavailableException unknownSchema) {
                throw new AssertionError("there is no registry to ask", unknownSchema);
            }
        }
    },
    TOKEN {
        @Override
        void read(Bytes input) {
            try {
                TimeStampToken.open(input, Seeds.STAMPED).under(Seeds.roots());
            } catch (TokenException | UncheckableTokenException refused) {
                throw new IllegalArgumentException(refused);
            }
        }
    },
    TOKEN_LIST {
        @Override
        void read(Bytes input) {
            try {
                same(input, TokenList.of(TokenList.parse(input)));
            } catch (TokenException refused) {
                throw new IllegalArgumentException(refused);
            }
        }
    },
    EVENT_JSON {
        @Override
        void read(Bytes input) {
            List<ParsedEvent> events = EventJson.parse(input, EVENTS_MAX);
            if (events.size() > EVENTS_MAX) {
                throw new IllegalArgumentException("more than a request takes");
            }
            for (ParsedEvent event : events) {
                event.fold(accepted -> accepted, refused -> {
                    throw new IllegalArgumentException(refused.problems().toString());
                });
            }
        }
    },
    SEQUENCED {
        @Override
        void read(Bytes input) {
            again(input, framed -> SequencedRecord.decode(framed).encode(1));
        }
    },
    ATTESTATION {
        @Override
        void read(Bytes input) {
            again(input, framed -> AttestationRecord.decode(framed).encode(1));
        }
    },
    REJECTED {
        @Override
        void read(Bytes input) {
            again(input, framed -> RejectedRecord.decode(framed).encode(1));
        }
    },
    OUTCOME {
        @Override
        void read(Bytes input) {
            again(input, framed -> OutcomeRecord.decode(framed).encode(1));
        }
    },
    MANIFEST {
        @Override
        void read(Bytes input) {
            same(input, Manifest.parse(input).bytes());
        }
    },
    PROOF_LINES {
        @Override
        void read(Bytes input) throws ProofException {
            same(input, ProofFile.writtenAgain(input));
        }
    },
    BUNDLE {
        @Override
        void read(Bytes input) {
            WholeFiles.verify(input, "bundle.zip", VerifyMain.checker());
        }
    },
    BUNDLE_INNER {
        @Override
        void read(Bytes input) {
            InnerFiles.verify(input);
        }
    },
    RECEIPT_FILE {
        @Override
        void read(Bytes input) {
            WholeFiles.verify(input, "0.receipt.json", VerifyMain.checker());
        }
    },
    TRUST_FILE {
        @Override
        void read(Bytes input) {
            WholeFiles.trust(input);
        }
    },
    ECDSA {
        @Override
        void read(Bytes input) {
            SignatureForms.ecdsa(input);
        }
    },
    ML_DSA {
        @Override
        void read(Bytes input) {
            SignatureForms.mlDsa(input);
        }
    };

    /** As of a request to the service. */
    private static final int EVENTS_MAX = 1_000;

    private static final String SOME_LOG = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    /** @throws IllegalArgumentException or what else the reader declares, where it refuses */
    abstract void read(Bytes input) throws NoteException, ProofException;

    /** True when the bytes were taken. Anything but a declared refusal comes out of it, and is a bug. */
    boolean takes(byte[] input) {
        try {
            read(Bytes.copyOf(input));
            return true;
        } catch (IllegalArgumentException | NoteException | ProofException refused) {
            return false;
        }
    }

    /** Avro has many spellings of one record: what is read is what its one spelling by us says too. */
    private static void again(Bytes input, UnaryOperator<byte[]> reread) {
        byte[] once = reread.apply(input.toByteArray());
        same(Bytes.wrap(once), Bytes.wrap(reread.apply(once)));
    }

    private static void same(Bytes input, Bytes written) {
        if (!input.equals(written)) {
            throw new AssertionError("what was read is written again with other bytes");
        }
    }
}
