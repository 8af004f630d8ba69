package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.keys.change.PendingChange;
import dev.terraseal.keys.local.LocalKeys;
import dev.terraseal.testkit.kms.KeySpec;
import dev.terraseal.testkit.kms.KmsStandIn;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.mutation.Asked;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.testkit.tools.SoftToken;
import dev.terraseal.verifier.bundle.JavaAnswer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys change while the log runs, as an operator changes them, and an auditor with the genesis follows. */
class KeyRotationTest {
    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private Path data;
    private int applies;

    private Json.Obj key(Object... args) {
        List<Object> all = new ArrayList<>(List.of("key"));
        all.addAll(List.of(args));
        all.addAll(List.of("--data", data, "--json"));
        Terminal.Result result = Terminal.terraseal(directory, all.toArray());
        assertThat(result.exit()).as(result.toString()).isZero();
        return CanonicalJson.parseObject(Bytes.utf8(result.out().trim()));
    }

    private Path authority() {
        return data.resolve("authority-take-offline");
    }

    private HttpResponse<String> post(String server, String wait, String event) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + "/v1/events" + wait))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private void apply(String server, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            String digest = Digest.of(Bytes.utf8("plan " + ++applies)).hex();
            String event = """
                    {"id": "apply-%d", "type": "https://terraseal.dev/terraform-apply/v1", "stream": "acme/prod",
                     "occurredAt": "2026-11-22T01:02:03.123Z", "subjects": [{"name": "tfplan", "digest": {"sha256": "%s"}}],
                     "predicate": {"outcome": "succeeded"}}""".formatted(applies, digest);
            HttpResponse<String> answer = post(server, "?wait=checkpoint&timeout=60", event);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        }
    }

    private BundleBytes export(String name, String... more) throws IOException {
        Path out = directory.resolve(name);
        List<Object> args = new ArrayList<>(List.of("export", "--data", data, "--out", out));
        args.addAll(List.of(more));
        Terminal.Result exported = Terminal.terraseal(directory, args.toArray());
        assertThat(exported.exit()).as(exported.toString()).isZero();
        return BundleBytes.read(out);
    }

    private static List<String> statesOf(Json.Obj list, String use) {
        return list.array("keys").objects().stream()
                .filter(each -> each.string("use").equals(use))
                .map(each -> each.string("algorithm") + " from " + each.number("from") + " " + each.string("state"))
                .toList();
    }

    /** A rotation that is on disk and no further when the process is killed. */
    private void acceptedAndKilled(Up up) throws Exception {
        Path file = directory.resolve("change.json");
        key("rotate", "--algorithm", "RSASSA_PSS_SHA_256", "--reason", "to RSA", "--out", file);
        Terminal.Result signed = Terminal.terraseal(directory, "key", "sign", file, "--authority", authority());
        assertThat(signed.exit()).as(signed.toString()).isZero();
        assertThat(signed.out()).contains("rotate: to RSA", "new key   attest RSASSA_PSS_SHA_256", up.genesis());
        PendingChange change = PendingChange.parse(Bytes.wrap(Files.readAllBytes(file)));
        String event = change.eventJson(new Timestamp(Clock.systemUTC().millis()))
                .bytes()
                .utf8();
        assertThat(post(up.http(), "", event).statusCode()).isEqualTo(202);
        up.kill();
    }

    @Test
    void aBundleOverTwoRotationsAndARevocationVerifiesFromTheGenesisAloneAndWithoutOneOfThemNever() throws Exception {
        data = directory.resolve("data");
        String genesis;
        try (Up up = Up.start(data)) {
            genesis = up.genesis();
            apply(up.http(), 3);
            assertThat(key("rotate", "--authority", authority(), "--reason", "yearly")
                            .number("entry"))
                    .isEqualTo(3);
            apply(up.http(), 3);
            acceptedAndKilled(up);
        }
        try (Up up = Up.start(data)) {
            assertThat(up.genesis()).isEqualTo(genesis);
            apply(up.http(), 2);
            assertThat(statesOf(key("list"), "attest"))
                    .containsExactly(
                            "ECDSA_SHA_256 from 0 retired",
                            "ECDSA_SHA_256 from 4 retired",
                            "RSASSA_PSS_SHA_256 from 8 in force");
            long entry = key("rotate", "--use", "log", "--authority", authority(), "--reason", "yearly")
                    .number("entry");
            apply(up.http(), 2);
            key("revoke", firstAttestKey(), "--compromised-from", 4, "--authority", authority(), "--reason", "lost");
            apply(up.http(), 1);
            assertThat(statesOf(key("list"), "log"))
                    .containsExactly(
                            "ED25519_SHA_512 from 0 retired", "ED25519_SHA_512 from " + (entry + 1) + " in force");
            refusesWhatTheAuthorityDidNotSign(up);
            receiptsHold(up);
            tailKnowsTheKeysOf(up, entry + 2);
            BundleBytes whole = export("whole");
            BundleBytes stream = export("stream", "--stream", "acme/prod");
            Terminal.Result verified =
                    Terminal.terraseal(directory, "verify", directory.resolve("whole"), "--genesis", genesis);
            assertThat(verified.exit()).as(verified.toString()).isZero();
            assertThat(verified.out()).contains("4 after log.json", "RSASSA_PSS_SHA_256", "by keys retired since");
            Terminal.Result archive =
                    Terminal.terraseal(directory, "verify", data.resolve("archive"), "--genesis", genesis);
            assertThat(archive.exit()).as(archive.toString()).isZero();
            BundleBytes twice = secondSignatures(up);
            // The middle key, used for entries 4 to 7, turns out to have been stolen before it was retired.
            key(
                    "revoke",
                    attestKeys().get(1),
                    "--compromised-from",
                    6,
                    "--authority",
                    authority(),
                    "--reason",
                    "stolen");
            BundleBytes suspect = export("suspect");
            bothVerifiersSay(genesis, whole, stream, suspect);
            strippedSecondSignaturesAreMissed(genesis, twice);
        }
        Terminal.Result listed = Terminal.terraseal(directory, "log", "list", "--data", data);
        assertThat(listed.exit()).as(listed.toString()).isZero();
    }

    /** ML-DSA beside RSA, on statements and on checkpoints, and then alone. */
    private BundleBytes secondSignatures(Up up) throws Exception {
        long statements = key(
                        "add", "--algorithm", "ML_DSA_65", "--authority", authority(), "--reason", "second signature")
                .number("entry");
        key("add", "--use", "log", "--algorithm", "ML_DSA_44", "--authority", authority(), "--reason", "second line");
        apply(up.http(), 2);
        BundleBytes twice = export("twice");
        Files.writeString(directory.resolve("trust.json"), """
                {"format": 1, "origin": "%s", "genesis": "%s", "require": [
                  {"from": %d, "use": "attest", "algorithms": ["RSASSA_PSS_SHA_256", "ML_DSA_65"]},
                  {"from": %d, "use": "log", "algorithms": ["ED25519_SHA_512", "ML_DSA_44"]}]}
                """.formatted(
                LogDeclaration.parse(twice.get("log.json")).origin(), up.genesis(), statements + 1, statements + 2));
        for (Path held : List.of(directory.resolve("twice"), data.resolve("archive"))) {
            Terminal.Result verified =
                    Terminal.terraseal(directory, "verify", held, "--trust", directory.resolve("trust.json"));
            assertThat(verified.exit()).as(verified.toString()).isZero();
            assertThat(verified.out()).contains("ML_DSA_65");
        }
        Terminal.Result refused = Terminal.terraseal(
                directory, "key", "rotate", "--data", data, "--authority", authority(), "--reason", "yearly");
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err()).contains("the rotation would end also");
        key("revoke", attestKeys().get(2), "--authority", authority(), "--reason", "only ML-DSA from here on");
        apply(up.http(), 2);
        return twice;
    }

    private void strippedSecondSignaturesAreMissed(String genesis, BundleBytes twice) throws Exception {
        LogDeclaration log = LogDeclaration.parse(twice.get("log.json"));
        MessageSigner exporter = new LocalKeys(data.resolve("keys")).signer(log.keys(KeyUse.EXPORT));
        Path scratch = Files.createDirectories(directory.resolve("scratch-twice"));
        JavaAnswer java = new JavaAnswer(scratch);
        Bytes trust = Bytes.wrap(Files.readAllBytes(directory.resolve("trust.json")));
        List<String> lines = new ArrayList<>(twice.lines("signatures.jsonl"));
        int last = lines.size() - 1;
        lines.set(last, lines.get(last).replaceFirst(",\\{\"keyid\":[^}]*}]", "]"));
        BundleBytes stripped = twice.withLines("signatures.jsonl", lines).sealedBy(exporter);
        String head = twice.text("checkpoint");
        BundleBytes oneLine = twice.with(
                        "checkpoint", head.substring(0, head.indexOf('\n', head.indexOf("\u2014")) + 1))
                .sealedBy(exporter);
        try (InBrowser page = new InBrowser(scratch)) {
            for (BundleBytes held : List.of(twice, stripped, oneLine)) {
                assertThat(answer(java, held, genesis)).isEqualTo("0");
                assertThat(page.answer(held, genesis)).isEqualTo("0");
            }
            assertThat(answer(java, twice, genesis, trust)).isEqualTo("0");
            assertThat(page.answer(twice, genesis, trust)).isEqualTo("0");
            assertThat(answer(java, stripped, genesis, trust)).isEqualTo("4 signatures unsigned");
            assertThat(page.answer(stripped, genesis, trust)).isEqualTo("4 signatures unsigned");
            assertThat(answer(java, oneLine, genesis, trust)).isEqualTo("4 requests request-not-met");
            assertThat(page.answer(oneLine, genesis, trust)).isEqualTo("4 requests request-not-met");
            BundleBytes alone = export("alone");
            assertThat(alone.lines("signatures.jsonl"))
                    .last()
                    .asString()
                    .hasSizeGreaterThan(4_000)
                    .doesNotContain("},{");
        }
    }

    /** Before the first rotation, right at the second, and the newest: by keys of log.json and of key events. */
    private void receiptsHold(Up up) {
        for (int sequence : List.of(0, 7, 8, 12)) {
            Path file = directory.resolve(sequence + ".receipt.json");
            Terminal.Result fetched = Terminal.terraseal(
                    directory, "receipt", "--server", up.http(), "--sequence", sequence, "--out", file);
            assertThat(fetched.exit()).as(fetched.toString()).isZero();
            Terminal.Result verified = Terminal.terraseal(directory, "verify", file, "--genesis", up.genesis());
            assertThat(verified.exit()).as(verified.toString()).isZero();
        }
    }

    private List<String> attestKeys() {
        return key("list").array("keys").objects().stream()
                .filter(each -> each.string("use").equals("attest"))
                .map(each -> each.string("keyid"))
                .toList();
    }

    private String firstAttestKey() {
        return attestKeys().get(0);
    }

    /** A thief of the attest key, who can reach the pipeline, brings in a key of their own. */
    private void refusesWhatTheAuthorityDidNotSign(Up up) throws Exception {
        Path file = directory.resolve("forged.json");
        key("add", "--reason", "a second key", "--out", file);
        LogDeclaration log = LogDeclaration.parse(Bytes.wrap(Files.readAllBytes(data.resolve("log.json"))));
        MessageSigner stolen = new LocalKeys(data.resolve("keys")).signer(log.keys(KeyUse.ATTEST));
        PendingChange forged =
                PendingChange.parse(Bytes.wrap(Files.readAllBytes(file))).signedBy(stolen);
        Files.write(file, forged.file().toByteArray());
        Terminal.Result submitted = Terminal.terraseal(directory, "key", "submit", file, "--data", data);
        assertThat(submitted.exit()).as(submitted.toString()).isEqualTo(2);
        assertThat(submitted.err()).contains("0 valid authority signatures; 1 are needed");
        String event = forged.eventJson(new Timestamp(Clock.systemUTC().millis()))
                .bytes()
                .utf8();
        HttpResponse<String> answer = post(up.http(), "?wait=signed&timeout=60", event);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("unauthorised-key-event");
    }

    private void bothVerifiersSay(String genesis, BundleBytes whole, BundleBytes stream, BundleBytes suspect)
            throws Exception {
        LogDeclaration log = LogDeclaration.parse(whole.get("log.json"));
        MessageSigner exporter = new LocalKeys(data.resolve("keys")).signer(log.keys(KeyUse.EXPORT));
        Path scratch = Files.createDirectories(directory.resolve("scratch"));
        JavaAnswer java = new JavaAnswer(scratch);
        try (InBrowser page = new InBrowser(scratch)) {
            for (BundleBytes held : List.of(whole, stream)) {
                assertThat(answer(java, held, genesis)).isEqualTo("0");
                assertThat(page.answer(held, genesis)).isEqualTo("0");
                List<String> events = keyEvents(held);
                assertThat(events).hasSize(4);
                for (String left : events) {
                    BundleBytes without = without(held, left).sealedBy(exporter);
                    assertThat(answer(java, without, genesis)).as(left).startsWith("4 key-events ");
                    assertThat(page.answer(without, genesis)).as(left).startsWith("4 key-events ");
                }
            }
            assertThat(answer(java, suspect, genesis)).isEqualTo("4 signatures suspect");
            assertThat(page.answer(suspect, genesis)).isEqualTo("4 signatures suspect");
        }
    }

    private static String answer(JavaAnswer java, BundleBytes bundle, String genesis) throws IOException {
        return java.to(new Mutation.Files(bundle), Asked.under(Digest.fromHex(genesis)));
    }

    private static String answer(JavaAnswer java, BundleBytes bundle, String genesis, Bytes trust) throws IOException {
        return java.to(
                new Mutation.Files(bundle), Asked.under(Digest.fromHex(genesis)).trusting(trust));
    }

    private static List<String> keyEvents(BundleBytes bundle) {
        return bundle.names("key-events/artifacts/").stream()
                .filter(name -> Statement.parse(bundle.get(name)).stream().equals(StreamId.KEYS))
                .toList();
    }

    /** One key event gone from key-events/, with its line of signatures and its proof. */
    private static BundleBytes without(BundleBytes bundle, String keyEvent) {
        long sequence = Statement.parse(bundle.get(keyEvent)).sequence().value();
        BundleBytes out = bundle.without(keyEvent);
        for (String file : List.of("key-events/signatures.jsonl", "key-events/proofs/entries.jsonl")) {
            out = out.withLines(
                    file,
                    out.lines(file).stream()
                            .filter(line ->
                                    CanonicalJson.parseObject(Bytes.utf8(line)).number("sequence") != sequence)
                            .toList());
        }
        return out;
    }

    /** Three keys were replaced before the entry it begins at. */
    private void tailKnowsTheKeysOf(Up up, long from) throws IOException {
        Process tail = Terminal.start(
                directory, Map.of(), Terminal.command("log", "tail", "--server", up.http(), "--from", from, "--json"));
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(tail.getInputStream(), StandardCharsets.UTF_8))) {
            for (long at = from; at < from + 2; at++) {
                assertThat(lines.readLine())
                        .as("entry " + at)
                        .contains("\"sequence\":" + at)
                        .doesNotContain("finding");
            }
        } finally {
            tail.destroyForcibly();
        }
    }

    @Test
    void theKeyMovesToATokenAndBackAndBothPlacesServeMeanwhile() throws Exception {
        data = directory.resolve("token-data");
        SoftToken token = SoftToken.create(directory.resolve("token"), directory.resolve("softhsm2.conf"));
        token.makeP256("attest");
        token.makeRsa("authority");
        Map<String, String> environment =
                Map.of("SOFTHSM2_CONF", token.configuration().toString());
        String both = "local," + token.uri("attest").replace(",", "%2C");
        try (KmsStandIn kms = new KmsStandIn()) {
            movesOnToKms(token, environment, both, kms);
        }
    }

    private void movesOnToKms(SoftToken token, Map<String, String> tokens, String both, KmsStandIn kms)
            throws Exception {
        String attestArn = kms.createKey(KeySpec.ECC_NIST_P256);
        String logArn = kms.createKey(KeySpec.ECC_NIST_EDWARDS25519);
        Map<String, String> environment = new HashMap<>(tokens);
        environment.putAll(Map.of("AWS_ACCESS_KEY_ID", "e2e", "AWS_SECRET_ACCESS_KEY", "e2e"));
        try (Up up = Up.start(data)) {
            apply(up.http(), 2);
        }
        try (Up up = Up.start(
                data,
                environment,
                "--key",
                both + ",awskms://" + attestArn,
                "--log-key-source",
                "local,awskms://" + logArn,
                "--kms-endpoint",
                kms.endpoint().toString())) {
            Terminal.Result rotated = Terminal.run(
                    directory,
                    environment,
                    Terminal.command(
                            "key",
                            "rotate",
                            "--data",
                            data,
                            "--key",
                            token.uri("attest"),
                            "--authority",
                            authority(),
                            "--reason",
                            "into the token"));
            assertThat(rotated.exit()).as(rotated.toString()).isZero();
            apply(up.http(), 2);
            Terminal.Result added = Terminal.run(
                    directory,
                    environment,
                    Terminal.command(
                            "key",
                            "add",
                            "--data",
                            data,
                            "--use",
                            "authority",
                            "--key",
                            token.uri("authority"),
                            "--authority",
                            authority(),
                            "--reason",
                            "an authority in a token"));
            assertThat(added.exit()).as(added.toString()).isZero();
            Terminal.Result back = Terminal.run(
                    directory,
                    environment,
                    Terminal.command(
                            "key",
                            "rotate",
                            "--data",
                            data,
                            "--authority",
                            token.uri("authority"),
                            "--reason",
                            "back"));
            assertThat(back.exit()).as(back.toString()).isZero();
            apply(up.http(), 2);
            intoKms(environment, kms.endpoint(), "attest", attestArn);
            intoKms(environment, kms.endpoint(), "log", logArn);
            apply(up.http(), 2);
            assertThat(kms.count("Sign:ok")).isGreaterThanOrEqualTo(4);
            BundleBytes bundle = export("token-bundle");
            assertThat(answer(new JavaAnswer(directory), bundle, up.genesis())).isEqualTo("0");
        }
        assertThat(statesOf(key("list"), "attest"))
                .containsExactly(
                        "ECDSA_SHA_256 from 0 retired",
                        "ECDSA_SHA_256 from 3 retired",
                        "ECDSA_SHA_256 from 7 retired",
                        "ECDSA_SHA_256 from 10 in force");
        for (String[] each : new String[][] {{"attest", attestArn}, {"log", logArn}}) {
            Json.Obj provenance = key("list").array("keys").objects().stream()
                    .filter(key -> key.string("use").equals(each[0])
                            && key.string("state").equals("in force"))
                    .findFirst()
                    .orElseThrow()
                    .object("provenance");
            assertThat(provenance.string("kmsArn")).isEqualTo(each[1]);
            assertThat(provenance.digest("keyPolicySha256")).isEqualTo(Digest.of(Bytes.utf8(POLICY)));
        }
    }

    private static final String POLICY = "{\"Version\":\"2012-10-17\",\"Statement\":[]}\n";

    /** As the guide says: the new key signs the change with the authority, and says where it lives. */
    private void intoKms(Map<String, String> environment, URI kms, String use, String arn) throws IOException {
        Path policy = Files.writeString(directory.resolve("policy.json"), POLICY);
        Terminal.Result rotated = Terminal.run(
                directory,
                environment,
                Terminal.command(
                        "key",
                        "rotate",
                        "--data",
                        data,
                        "--use",
                        use,
                        "--key",
                        "awskms://" + arn,
                        "--key-policy",
                        policy,
                        "--kms-endpoint",
                        kms,
                        "--authority",
                        authority(),
                        "--reason",
                        "to KMS"));
        assertThat(rotated.exit()).as(rotated.toString()).isZero();
    }
}
