package dev.terraseal.fuzz;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.tiles.EntryBundle;
import dev.terraseal.core.timestamp.TimeAuthority;
import dev.terraseal.core.timestamp.TokenList;
import dev.terraseal.core.witness.AddCheckpoint;
import dev.terraseal.core.witness.SplitView;
import dev.terraseal.schemas.sample.SampleEvents;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.PlainZip;
import dev.terraseal.testkit.log.SeededSigner;
import dev.terraseal.testkit.tsa.TestAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Bytes that are right, for each target: what a fuzzer begins with, and what must be taken. */
final class Seeds {
    private static final Path ROOT = root();

    private static final String POLICY = """
        # who watches
        log example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k https://log.example/
        witness w1 WITNESS1 https://w.example/
        witness w2 WITNESS2
        group both 2 w1 w2
        quorum both
        """.replace("WITNESS1", witness(1)).replace("WITNESS2", witness(2));

    private static final String EVENT = """
        {"id": "run-4711-apply", "type": "https://terraseal.dev/terraform-apply/v1", "stream": "acme/infra/prod",
         "occurredAt": "2026-11-22T01:02:03.123Z", "subjects": [{"name": "tfplan", "digest": {"sha256": "SHA"}}],
         "source": {"claimed": {"actor": "dana", "labels": {"team": "core"}}}, "salt": "000102030405060708090a0b0c0d0e0f",
         "predicate": {"changes": {"add": 1, "change": 0, "import": 0, "remove": 0, "resourcesSha256": "SHA", "resources": [
           {"actions": ["create"], "address": "a.b[\\"c\\"]", "elapsedMillis": 5, "outcome": "succeeded", "type": "t"}]},
           "invocation": {"attempt": 1, "command": ["apply"], "exitCode": -1}, "outcome": "succeeded"}}""".replace("SHA", "5f".repeat(32));

    private static final String FOREIGN =
            EVENT.replace("https://terraseal.dev/terraform-apply/v1", "https://slsa.dev/provenance/v1");

    private static String witness(long seed) {
        return VerifierKey.ofCosigner("w.example/" + seed, new SeededSigner(KeyUse.WITNESS, seed).key())
                .text();
    }

    private Seeds() {}

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve("examples")) || !Files.isDirectory(at.resolve("fuzz"))) {
            at = at.getParent();
        }
        return at;
    }

    static final Bytes STAMPED = Bytes.utf8("a checkpoint");
    private static final Instant STAMPED_AT = Instant.parse("2026-11-22T01:02:03.400Z");
    private static final TestAuthority TSA = TestAuthority.seeded("tsa", 1);

    static Path examples() {
        return ROOT.resolve("examples");
    }

    static Path corpus(Target target) {
        return ROOT.resolve("fuzz/corpus").resolve(target.name().toLowerCase(java.util.Locale.ROOT));
    }

    static List<byte[]> right(Target target) throws IOException {
        return switch (target) {
            case JSON, IDENTITY, STATEMENT -> files("demo/artifacts");
            case ENVELOPE -> List.of(receipt().object("envelope").bytes().toByteArray());
            case BATCH -> List.of(batch());
            case RECEIPT, RECEIPT_FILE -> files("receipt");
            case DECLARATION -> List.of(file("demo/log.json"));
            case RANGE_PROOF -> List.of(file("demo/proofs/range.json"));
            case NOTE -> List.of(file("demo/checkpoint"));
            case POLICY -> List.of(text("quorum none\n"), text(POLICY));
            case ADD_CHECKPOINT -> List.of(addCheckpoint(0), addCheckpoint(3));
            case SPLIT_VIEW -> List.of(splitView(List.of()), splitView(List.of(Digest.of(), Digest.of())));
            case PROOF -> List.of(Bytes.utf8(receipt().string("proof")).toByteArray());
            case TILE -> List.of(new byte[96]);
            case ENTRY_BUNDLE -> List.of(entries());
            case TILE_PATH -> List.of(text("tile/0/x001/234"), text("tile/entries/000.p/7"));
            case EVENT -> List.of(new SampleEvents(new Random(1), 3).next().encode(1));
            case TOKEN -> List.of(TSA.stamp(STAMPED, STAMPED_AT).toByteArray());
            case TOKEN_LIST ->
                List.of(TokenList.of(Map.of("timestamps/4/tsa-20261122T010203Z.tsr", Digest.of()))
                        .toByteArray());
            case EVENT_JSON -> List.of(text(EVENT), text("[" + EVENT + ", " + FOREIGN + "]"), text("[]"));
            case SEQUENCED -> TopicSeeds.sequenced();
            case ATTESTATION -> TopicSeeds.attestations();
            case REJECTED -> TopicSeeds.rejected();
            case OUTCOME -> TopicSeeds.outcomes();
            case MANIFEST -> manifests();
            case PROOF_LINES -> List.of(text(""), text((Digest.of().base64() + "\n").repeat(3)));
            case BUNDLE_INNER -> InnerFiles.right();
            case BUNDLE ->
                List.of(PlainZip.of(BundleBytes.read(examples().resolve("demo")))
                        .bytes()
                        .toByteArray());
            case TRUST_FILE -> List.of(trust(false), trust(true));
            case ECDSA -> List.of(SignatureForms.ecdsa().toByteArray());
            case ML_DSA -> List.of(SignatureForms.mlDsa().toByteArray());
        };
    }

    static List<TimeAuthority> roots() {
        return List.of(TimeAuthority.of(TSA.rootPem(), TestAuthority.POLICY));
    }

    private static SignedNote note() throws IOException {
        try {
            return SignedNote.parse(Bytes.wrap(file("demo/checkpoint")));
        } catch (NoteException broken) {
            throw new IOException(broken);
        }
    }

    private static byte[] addCheckpoint(int hashes) throws IOException {
        return new AddCheckpoint(hashes, Collections.nCopies(hashes, Digest.of()), note())
                .bytes()
                .toByteArray();
    }

    private static byte[] splitView(List<Digest> prefix) throws IOException {
        LogDeclaration log = prefix.isEmpty() ? null : LogDeclaration.parse(Bytes.wrap(file("demo/log.json")));
        return new SplitView(note(), note(), prefix, log).bytes().toByteArray();
    }

    private static byte[] batch() {
        return new Batch(new LogOrigin("terraseal.local/fuzz"), Digest.of(), SequenceNumber.ZERO, 1_000, Digest.of())
                .payload()
                .toByteArray();
    }

    private static byte[] entries() {
        return new EntryBundle(List.of(Bytes.utf8("one"), Bytes.utf8("another")))
                .bytes()
                .toByteArray();
    }

    /** Of the log whose receipt is beside it, which has all that is asked for. */
    private static byte[] trust(boolean demanding) throws IOException {
        LogDeclaration log = LogDeclaration.parse(receipt().object("log").bytes());
        Json.Builder trust = Json.obj()
                .put("format", 1)
                .put("genesis", log.genesis())
                .put("origin", log.origin().value());
        if (demanding) {
            Json.Builder required = Json.obj()
                    .put("algorithms", Json.texts(List.of("ECDSA_SHA_256")))
                    .put("from", 0)
                    .put("use", "attest");
            Json.Builder broken =
                    Json.obj().put("after", "2027-01-01T00:00:00.000Z").put("algorithm", "RSASSA_PSS_SHA_256");
            trust.put("brokenAlgorithms", Json.arr(List.of(broken.build())))
                    .put("require", Json.arr(List.of(required.build())))
                    .put("witnesses", "quorum none\n");
        }
        return trust.build().bytes().toByteArray();
    }

    private static Json.Obj receipt() throws IOException {
        return CanonicalJson.parseObject(Bytes.copyOf(file("receipt/0.receipt.json")));
    }

    /** Of every kind of question. */
    private static List<byte[]> manifests() throws IOException {
        LogFixture log = LogFixture.small().apply("acme/infra/dev", 1, 2).heads();
        List<byte[]> all = new ArrayList<>(List.of(file("demo/manifest.json")));
        for (BundleBytes bundle : List.of(
                FixtureExport.of(log).whole(),
                FixtureExport.of(log).range(1, 3),
                FixtureExport.of(log).filter(List.of(0, 2)),
                FixtureExport.of(log).stream("acme/infra/dev"))) {
            all.add(bundle.get("manifest.json").toByteArray());
        }
        return all;
    }

    private static byte[] text(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] file(String name) throws IOException {
        return Files.readAllBytes(examples().resolve(name));
    }

    private static List<byte[]> files(String directory) throws IOException {
        List<byte[]> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(examples().resolve(directory))) {
            for (Path file : files.sorted().toList()) {
                all.add(Files.readAllBytes(file));
            }
        }
        return all;
    }
}
