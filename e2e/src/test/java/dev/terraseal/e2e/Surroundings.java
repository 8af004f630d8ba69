package dev.terraseal.e2e;

import com.sun.net.httpserver.HttpServer;
import dev.terraseal.embedded.EmbeddedBroker;
import dev.terraseal.embedded.registry.RegistryServer;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.store.s3.Administrator;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.testkit.kms.KmsStandIn;
import dev.terraseal.testkit.s3.S3StandIn;
import dev.terraseal.testkit.s3.TestCeph;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** What a deployment finds: a schema registry, S3 with Object Lock and KMS, all in this process, and Kafka. */
final class Surroundings implements AutoCloseable {
    static final String BUCKET = "evidence";

    private final Brokers brokers;
    private final RegistryServer registry;
    private final int registryPort;
    private HttpServer http;
    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final @Nullable S3StandIn s3;
    private final @Nullable TestCeph ceph;
    private final int logs;
    private final String bucket;
    private final KmsStandIn kms;

    /** Kafka, wherever it runs. */
    record Brokers(String bootstrap, int replication, int minInsync, AutoCloseable running) {
        /** One, in this process. */
        static Brokers embedded(Path directory) {
            EmbeddedBroker broker =
                    EmbeddedBroker.start(directory.resolve("kafka"), 0, why -> System.err.println("broker: " + why));
            return new Brokers(broker.bootstrap(), 1, 1, broker);
        }
    }

    /** For two logs, with the stand-in of S3. */
    Surroundings(Path directory) throws IOException, InterruptedException {
        this(directory, null, 2);
    }

    /** @param ceph the S3 to use, with a new bucket in it; null for the stand-in */
    Surroundings(Path directory, @Nullable TestCeph ceph, int logs) throws IOException, InterruptedException {
        this(Brokers.embedded(directory), ceph, logs);
    }

    Surroundings(Brokers brokers, @Nullable TestCeph ceph, int logs) throws IOException, InterruptedException {
        this.brokers = brokers;
        this.ceph = ceph;
        this.logs = logs;
        this.bucket = ceph == null ? BUCKET : "e2e-" + UUID.randomUUID();
        registry = RegistryServer.open(kafka(), Clock.systemUTC());
        http = serve(0);
        registryPort = http.getAddress().getPort();
        s3 = ceph == null ? S3StandIn.start(Clock.systemUTC()) : null;
        kms = new KmsStandIn();
        if (s3 != null) {
            createBucket(s3.endpoint(), BUCKET, true);
        } else if (ceph != null) {
            createBucketOf(ceph, bucket);
        }
    }

    private HttpServer serve(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(workers);
        RegistryServer.ROOTS.forEach(root -> server.createContext(root, registry));
        server.start();
        return server;
    }

    void stopRegistry() {
        http.stop(0);
    }

    void startRegistry() throws IOException {
        http = serve(registryPort);
    }

    /** Makes a bucket at an S3 stand-in, with Object Lock or without. */
    static void createBucket(URI s3, String name, boolean lock) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(s3.resolve("/" + name))
                                .header(
                                        "Authorization",
                                        "AWS4-HMAC-SHA256 Credential=e2e/20261122/us-east-1/s3/aws4_request, SignedHeaders=host, Signature="
                                                + "0".repeat(64))
                                .header("x-amz-date", "20261122T000000Z")
                                .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
                                .header("x-amz-bucket-object-lock-enabled", Boolean.toString(lock))
                                .PUT(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError("no bucket: " + answer.statusCode() + " " + answer.body());
        }
    }

    private static void createBucketOf(TestCeph ceph, String bucket) throws IOException {
        StaticCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create(ceph.accessKey(), ceph.secretKey()));
        S3Location location = new S3Location(bucket, "", ceph.endpoint(), null, true);
        try (Administrator administrator = new Administrator(location, credentials)) {
            administrator.createBucket();
        }
    }

    KafkaConnection kafka() {
        return new KafkaConnection(brokers.bootstrap(), Map.of());
    }

    KmsStandIn kms() {
        return kms;
    }

    URI s3() {
        return ceph != null ? ceph.endpoint() : s3.endpoint();
    }

    String bucket() {
        return bucket;
    }

    int logs() {
        return logs;
    }

    /** Creates the topics of the logs there are. */
    Terminal.Result createTopics(Path directory) {
        return Terminal.run(
                directory,
                environment(),
                Terminal.command(
                        "topics",
                        "create",
                        "--set",
                        "kafka.logs=" + logs,
                        "--set",
                        "kafka.replication=" + brokers.replication(),
                        "--set",
                        "kafka.min-insync=" + brokers.minInsync()));
    }

    /** {@code log resume --yes} of a log whose topics are empty. */
    Terminal.Result resume(Path directory, Tenant log) {
        return Terminal.run(
                directory,
                environment(),
                Terminal.command(
                        "log",
                        "resume",
                        "--archive",
                        log.archive(),
                        "--s3-endpoint",
                        s3(),
                        "--set",
                        "log.declaration=" + log.declaration(),
                        "--set",
                        "signer.floor=" + log.directory().resolve("signed"),
                        "--set",
                        "registry.url=" + registryUrl(),
                        "--set",
                        "kafka.logs=" + logs,
                        "--set",
                        "kafka.replication=" + brokers.replication(),
                        "--set",
                        "kafka.min-insync=" + brokers.minInsync(),
                        "--yes"));
    }

    /** What every process gets: credentials for the AWS SDK, and where Kafka is. */
    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_ACCESS_KEY_ID", ceph == null ? "e2e" : ceph.accessKey());
        environment.put("AWS_SECRET_ACCESS_KEY", ceph == null ? "e2e-secret" : ceph.secretKey());
        environment.put("AWS_REGION", KmsStandIn.REGION);
        environment.put("TERRASEAL_KAFKA_BOOTSTRAP", brokers.bootstrap());
        return environment;
    }

    Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = environment();
        environment.putAll(more);
        return environment;
    }

    /** @param name {@code sequencer}, or {@code sequencer b} where there are two */
    Service sequencer(String name, Path directory, Path state, Tenant... logs) {
        Map<String, String> settings = environment();
        settings.put("TERRASEAL_REGISTRY_URL", registryUrl());
        settings.put("TERRASEAL_KAFKA_REPLICATION", Integer.toString(brokers.replication()));
        settings.put("TERRASEAL_KAFKA_MIN__INSYNC", Integer.toString(brokers.minInsync()));
        settings.put(
                "TERRASEAL_LOG_FILES",
                Stream.of(logs).map(log -> log.declaration().toString()).collect(Collectors.joining(",")));
        settings.put("TERRASEAL_SEQUENCER_STATE", state.toString());
        settings.put("TERRASEAL_SEQUENCER_INSTANCE", name.replace(' ', '-'));
        return new Service(name, directory, settings);
    }

    String registryUrl() {
        return "http://127.0.0.1:" + registryPort;
    }

    @Override
    public void close() {
        http.stop(0);
        workers.shutdownNow();
        registry.close();
        try {
            brokers.running().close();
        } catch (Exception broken) {
            throw new AssertionError("Kafka did not stop", broken);
        }
        if (s3 != null) {
            s3.close();
        }
        kms.close();
    }
}
