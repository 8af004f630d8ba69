package dev.terraseal.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/**
 * The one door through which tests get their broker: a new, empty one for each call (about half a second after the first
 * in a JVM). It is the product's own embedded broker; with {@code TERRASEAL_TEST_BROKER=testcontainers} in the
 * environment, and a Docker engine that answers, it is Apache Kafka's own image instead.
 *
 * <p>Other modules: {@code terraseal-embedded} with type {@code test-jar} and scope {@code test}; those that also want
 * the container add {@code testcontainers-kafka} in scope {@code test}.
 */
public abstract sealed class TestBroker implements AutoCloseable permits TestBroker.InProcess, ContainerBroker {

    /** A running broker with nothing on it. */
    public static TestBroker start() {
        if ("testcontainers".equals(System.getenv("TERRASEAL_TEST_BROKER")) && ContainerBroker.available()) {
            return ContainerBroker.run();
        }
        try {
            Path directory = Files.createTempDirectory("terraseal-broker-");
            return new InProcess(directory, EmbeddedBroker.start(directory, 0, TestBroker::broke));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void broke(String reason) {
        System.err.println(reason);
    }

    /** For {@code bootstrap.servers}. */
    public abstract String bootstrap();

    /** Returns when the broker no longer knows these topics; for a moment after the answer it still lists them. */
    public void deleteTopics(Collection<String> topics) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            admin.deleteTopics(topics).all().get(60, TimeUnit.SECONDS);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
            while (!Collections.disjoint(admin.listTopics().names().get(60, TimeUnit.SECONDS), topics)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("deleted topics are still listed after three minutes: " + topics);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were deleted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the topics were not deleted: " + topics, e);
        }
    }

    @Override
    public abstract void close();

    static final class InProcess extends TestBroker {
        private final Path directory;
        private final EmbeddedBroker broker;

        private InProcess(Path directory, EmbeddedBroker broker) {
            this.directory = directory;
            this.broker = broker;
        }

        @Override
        public String bootstrap() {
            return broker.bootstrap();
        }

        @Override
        public void close() {
            broker.close();
            try {
                deleteTree(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void deleteTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
