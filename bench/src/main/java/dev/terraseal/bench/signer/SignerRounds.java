package dev.terraseal.bench.signer;

import dev.terraseal.bench.BenchReport;
import dev.terraseal.bench.BenchReport.Also;
import dev.terraseal.bench.BenchReport.Round;
import dev.terraseal.bench.Trees;
import dev.terraseal.bench.sequencer.BenchBroker;
import dev.terraseal.bench.sequencer.BenchEvents;
import dev.terraseal.bench.sequencer.BenchLog;
import dev.terraseal.bench.sequencer.Effort;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.Topics;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.kms.Backoff;
import dev.terraseal.keys.kms.KmsConnection;
import dev.terraseal.keys.kms.KmsKey;
import dev.terraseal.signer.SigningForm;
import dev.terraseal.signer.SigningForm.Mode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Paired rounds of a bare loop and the signer with a local key, then the signer at a key service, each and in batches. */
public final class SignerRounds {
    private static final int QUOTA = 1_000;
    private static final int LATENCY_MILLIS = 20;
    private static final int KMS_CALLS = 64;
    private static final int KMS_COUNT = 8_000;
    private static final int KMS_SKIPPED = 2_000;
    private static final int PACED = 2_000;
    private static final KeyLocator.AwsKms KMS = new KeyLocator.AwsKms(KeyServiceStandIn.ARN, "eu-central-1");
    private static final long SEED = 4711;
    private static final int WARM_UP_LEAST = 3;
    private static final int WARM_UP_MOST = 10;
    /** Share of a pair's time the compilers may still work when measuring begins. */
    private static final double COMPILING = 0.1;

    private final int rounds;
    private final int count;
    private final PrintStream talk;
    private final List<Also> also = new ArrayList<>();
    private int partition;

    public SignerRounds(int rounds, int count, PrintStream talk) {
        this.rounds = rounds;
        this.count = count;
        this.talk = talk;
    }

    /** Some minutes. */
    public BenchReport run() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("terraseal-bench-signer");
        try (BenchBroker broker = BenchBroker.start(directory.resolve("broker"))) {
            KafkaConnection kafka = new KafkaConnection(broker.bootstrap(), Map.of());
            int logs = 2 * rounds + WARM_UP_MOST + 8;
            try (Admin admin = kafka.admin("bench-topics")) {
                List<String> created =
                        new TopicAdmin(admin).create(Topics.embedded(logs).specs());
                talk.println("bench signer: topics " + created);
            }
            return run(kafka, new SignerRun(kafka, logs, directory));
        } catch (IOException | InterruptedException | RuntimeException said) {
            throw said;
        } catch (Exception failed) {
            throw new IOException("a run failed: " + failed.getMessage(), failed);
        } finally {
            Trees.delete(directory);
        }
    }

    private BenchReport run(KafkaConnection kafka, SignerRun run) throws Exception {
        BenchLog log = BenchLog.make(new SecureRandom());
        LogDeclaration declaration = log.declaration();
        SequencedEntries entries = new SequencedEntries(
                declaration,
                new BenchEvents(BenchEvents.Kind.CLAIMED, 0, SEED, log.ingest(), declaration.genesis()),
                Math.max(count, KMS_COUNT));
        int threads = Runtime.getRuntime().availableProcessors();
        warmUp(kafka, run, log, entries, threads);
        List<Round> local = new ArrayList<>(pairs(kafka, run, log, entries, threads));
        if (threads > 1) {
            // One thread signs, and the broker and all else have the other processors.
            List<Round> alone = pairs(kafka, run, log, entries, 1);
            BenchReport one = BenchReport.of("signer", "attestations/s", alone, List.of());
            also.add(new Also(
                    "local key, one signing thread, beside one bare",
                    "ratio",
                    one.ratio(),
                    String.format("%,.0f/s and %,.0f/s", one.value(), one.reference())));
            local.addAll(alone);
        }
        batches(kafka, run, log, entries, threads);
        keyService(kafka, run, log);
        return BenchReport.of("signer", "attestations/s", local, also);
    }

    /** Pairs until the compilers have little left to do: cold code is several times slower than what it is beside. */
    private void warmUp(KafkaConnection kafka, SignerRun run, BenchLog log, SequencedEntries entries, int threads)
            throws Exception {
        double compiling = 1;
        for (int i = 0; i < WARM_UP_LEAST || i < WARM_UP_MOST && compiling > COMPILING; i++) {
            Effort before = Effort.here();
            long begun = System.nanoTime();
            Round pair = pair(kafka, run, log, entries, threads);
            compiling = Effort.here().since(before).compilerMillis() * 1e6 / (System.nanoTime() - begun);
            talk.printf(
                    "bench signer: warm-up %d: ratio %.2f, compiling %.0f %% of a processor%n",
                    i + 1, pair.ratio(), 100 * compiling);
        }
    }

    private List<Round> pairs(KafkaConnection kafka, SignerRun run, BenchLog log, SequencedEntries entries, int threads)
            throws Exception {
        List<Round> found = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            Round pair = pair(kafka, run, log, entries, threads);
            talk.printf(
                    "bench signer: %s, round %d: %,.0f/s, bare loop %,.0f/s, ratio %.2f%n",
                    pair.what(), round + 1, pair.value(), pair.reference(), pair.ratio());
            found.add(pair);
        }
        return found;
    }

    private Round pair(KafkaConnection kafka, SignerRun run, BenchLog log, SequencedEntries entries, int threads)
            throws Exception {
        SignerRun.With with = local(log, threads, SigningForm.each());
        double bare = BareLoop.rate(entries.entries().subList(0, count), log.attest(), threads);
        double own = signed(kafka, run, with, entries, count, count / 20);
        return new Round("local, " + threads + (threads == 1 ? " thread" : " threads"), own, bare);
    }

    private static SignerRun.With local(BenchLog log, int threads, SigningForm form) {
        return new SignerRun.With(log.declaration(), declared -> log.attest(), new KeyLocator.Local(), threads, form);
    }

    private double signed(
            KafkaConnection kafka, SignerRun run, SignerRun.With with, SequencedEntries entries, int many, int skipped)
            throws Exception {
        int at = partition++;
        entries.write(kafka, at, many, 0);
        return run.rate(with, at, many, skipped);
    }

    private void batches(KafkaConnection kafka, SignerRun run, BenchLog log, SequencedEntries entries, int threads)
            throws Exception {
        SignerRun.With with = local(log, threads, SigningForm.of(Mode.BATCH));
        double rate = signed(kafka, run, with, entries, count, count / 20);
        talk.printf("bench signer: local key in batches: %,.0f/s%n", rate);
        also.add(new Also("local key, in batches, all waiting", "per second", rate, ""));
    }

    /** With a log whose attest key is there. */
    private void keyService(KafkaConnection kafka, SignerRun run, BenchLog made) throws Exception {
        atKeyService(kafka, run, made, "each", SigningForm.each(), 0);
        atKeyService(kafka, run, made, "batch", SigningForm.of(Mode.BATCH), PACED);
        atKeyService(kafka, run, made, "auto", SigningForm.of(Mode.AUTO), PACED);
        atKeyService(kafka, run, made, "batch, all waiting", SigningForm.of(Mode.BATCH), 0);
    }

    private void atKeyService(
            KafkaConnection kafka, SignerRun run, BenchLog made, String what, SigningForm form, int perSecond)
            throws Exception {
        try (KeyServiceStandIn service = new KeyServiceStandIn(LATENCY_MILLIS, QUOTA);
                KmsKey key = key(service)) {
            BenchLog log = made.withAttest(key.declaration(dev.terraseal.core.keys.KeyUse.ATTEST, null));
            LogDeclaration declaration = log.declaration();
            SequencedEntries entries = new SequencedEntries(
                    declaration,
                    new BenchEvents(BenchEvents.Kind.CLAIMED, 0, SEED, log.ingest(), declaration.genesis()),
                    KMS_COUNT);
            SignerRun.With with = new SignerRun.With(declaration, key::signer, KMS, KMS_CALLS, form);
            int at = partition++;
            Thread writer = new Thread(() -> entries.write(kafka, at, KMS_COUNT, perSecond), "bench-writer");
            writer.start();
            if (perSecond == 0) {
                writer.join();
            }
            double rate = run.rate(with, at, KMS_COUNT, KMS_SKIPPED);
            writer.join();
            double calls = service.signed() * 1_000.0 / KMS_COUNT;
            talk.printf(
                    "bench signer: KMS, %s: %,.0f/s, %.2f calls for 1,000, %d throttled%n",
                    what, rate, calls, service.throttled());
            report(what, form, perSecond, rate, calls, service.throttled());
        }
    }

    private void report(String what, SigningForm form, int perSecond, double rate, double calls, long throttled) {
        String load = perSecond == 0 ? "" : "at " + perSecond + "/s offered";
        if (form.mode() == Mode.EACH) {
            also.add(new Also(
                    "KMS of 20 ms a call, quota 1,000/s: share of the quota",
                    "ratio",
                    rate / QUOTA,
                    "at least 0.95; " + throttled + " calls throttled; in order"));
        } else {
            also.add(new Also("KMS, " + what, "per second", rate, load));
        }
        also.add(new Also("KMS, " + what + ": calls for 1,000 attestations", "calls", calls, load));
    }

    private static KmsKey key(KeyServiceStandIn service) {
        return KmsKey.at(
                KMS,
                new KmsConnection(service.endpoint(), KMS_CALLS, Duration.ofSeconds(5)),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("bench", "bench")),
                Backoff.standard(),
                new Random(SEED),
                Backoff.Pause.sleeping(),
                System::nanoTime);
    }
}
