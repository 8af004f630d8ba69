package dev.terraseal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.store.Validity;
import dev.terraseal.store.s3.Administrator;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.store.s3.S3Store;
import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.TestKey;
import dev.terraseal.testkit.s3.S3StandIn;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.trust.TrustFile;
import dev.terraseal.verifier.verdict.FindingName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Whoever may write to a bucket may put lines among the cosignatures. They are named, and the log's and the witness's count. */
class PlantedLinesTest {
    private static final SignatureChecker CHECKER = new RememberingChecker();
    private static final Instant AT = Instant.ofEpochSecond(1_795_305_600);
    private static final String WITNESS = "witness.example";

    @TempDir
    private Path directory;

    private final LogFixture log = new LogFixture("terraseal.local/planted")
            .apply("a", 1, 2)
            .addSecondKey(KeyUse.LOG)
            .apply("a", 2, 3)
            .heads();
    private final TestKey witness = TestKey.seeded(KeyUse.WITNESS, Algorithm.ED25519_SHA_512, 9);
    private S3StandIn service;
    private Administrator administrator;
    private S3Store store;

    @BeforeEach
    void open() throws Exception {
        FixtureArchive.write(log, directory, 2);
        service = S3StandIn.start(Clock.systemUTC());
        AwsCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("TESTKEY", "TESTSECRET"));
        S3Location location = new S3Location("planted", "logs/", service.endpoint(), null, true);
        administrator = new Administrator(location, credentials);
        administrator.createBucket();
        store = S3Store.open(location, credentials);
    }

    @AfterEach
    void close() throws Exception {
        store.close();
        administrator.close();
        service.close();
    }

    private void upload() throws Exception {
        Instant until = Instant.now().plus(log.log().retention());
        for (Map.Entry<String, Path> file : FixtureBundle.files(directory).entrySet()) {
            Bytes content = Bytes.wrap(Files.readAllBytes(file.getValue()));
            if (ObjectKind.of(file.getKey()) == ObjectKind.MUTABLE) {
                store.replace(file.getKey(), content);
            } else {
                store.keep(file.getKey(), content, until, Validity.equalTo(content));
            }
        }
    }

    private void cosignature(String name, SignatureLine line) throws Exception {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, line.text() + "\n");
    }

    private static SignatureLine broken(SignatureLine line) {
        byte[] signature = line.signature().toByteArray();
        signature[signature.length - 1] ^= 1;
        return new SignatureLine(line.name(), line.keyId(), Bytes.wrap(signature));
    }

    private String name(long time, SignatureLine line) {
        return "cosignatures/" + log.size() + "/" + time + "-" + line.keyId().hex();
    }

    /** Asks for the second line and the witness. */
    private Question question() {
        VerifierKey key = VerifierKey.ofCosigner(WITNESS, witness.key());
        Json required = Json.obj()
                .put("from", log.size() - 1)
                .put("use", "log")
                .put("algorithms", new Json.Arr(List.of(new Json.Str("ML_DSA_44"))))
                .build();
        return Question.under(TrustFile.parse(Json.obj()
                .put("format", 1)
                .put("origin", log.log().origin().value())
                .put("genesis", log.log().genesis())
                .put("require", new Json.Arr(List.of(required)))
                .put("witnesses", "witness w " + key.text() + "\nquorum w\n")
                .build()
                .bytes()));
    }

    @Test
    void linesThatDoNotHoldAreNamedAndDoNotCount() throws Exception {
        Checkpoint head = Checkpoint.parse(log.checkpoint(log.size()).text());
        SignatureLine second = NoteSigner.signSecond(head, AT, log.secondLogKey());
        SignatureLine cosigned = NoteSigner.cosign(head.text(), WITNESS, AT, witness);
        String secondName = name(AT.getEpochSecond(), second);
        String cosignedName = name(AT.getEpochSecond(), cosigned);
        // Under the very names, before the archiver came, and with a newer time beside them.
        administrator.plant(secondName, Bytes.utf8(broken(second).text() + "\n"));
        administrator.plant(cosignedName, Bytes.utf8(broken(cosigned).text() + "\n"));
        String newerSecond = name(AT.getEpochSecond() + 1, second);
        String newerCosigned = name(AT.getEpochSecond() + 1, cosigned);
        administrator.plant(newerSecond, Bytes.utf8(broken(second).text() + "\n"));
        administrator.plant(newerCosigned, Bytes.utf8(broken(cosigned).text() + "\n"));
        cosignature(secondName, second);
        cosignature(cosignedName, cosigned);
        upload();

        AuditReport report;
        try (WorkDirectory work = WorkDirectory.temporary()) {
            report = new Audit(question(), CHECKER, AuditProgress.SILENT).ofStore(store, "s3://planted", work, false);
        }
        assertThat(report.verdict().code())
                .as(String.join("\n", report.lines()))
                .isZero();
        assertThat(AuditContract.named(report, FindingName.LEFT_OVER))
                .containsExactlyInAnyOrder(secondName, cosignedName, newerSecond, newerCosigned);
    }

    @Test
    void whereNobodyElseMayWriteSuchALineIsAFailure() throws Exception {
        SignedNote head = log.headSignedTwice(AT);
        SignatureLine second = head.lines().get(1);
        cosignature(name(AT.getEpochSecond(), second), second);
        cosignature(name(AT.getEpochSecond() + 1, second), broken(second));
        Question asked = Question.under(Trust.byGenesis(log.log().genesis()));
        AuditReport report = new Audit(asked, CHECKER, AuditProgress.SILENT).ofDirectory(directory);
        assertThat(report.verdict().code()).isEqualTo(4);
        assertThat(AuditContract.named(report, FindingName.BAD_CHECKPOINT))
                .containsExactly(name(AT.getEpochSecond() + 1, second));
    }
}
