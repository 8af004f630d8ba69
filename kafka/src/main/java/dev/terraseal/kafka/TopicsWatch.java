package dev.terraseal.kafka;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the topics before a service begins and every minute after. A partition is a log: one that was added by mistake
 * takes events that are in no log, so everything stops until somebody has said what it is to be.
 */
public final class TopicsWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicsWatch.class);
    private static final long EVERY_SECONDS = 60;

    private final String service;
    private final Look look;
    private final Consumer<UnsafeTopicsException> onUnsafe;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /** Throws {@link UnsafeTopicsException} or, if Kafka does not say, {@link KafkaUnavailableException}. */
    @FunctionalInterface
    public interface Look {
        void require();
    }

    /**
     * @param service its name, as on the command line
     * @param onUnsafe told once, on the watch's thread, which ends then
     */
    public TopicsWatch(String service, Look look, Consumer<UnsafeTopicsException> onUnsafe) {
        this.service = service;
        this.look = look;
        this.onUnsafe = onUnsafe;
        this.thread = new Thread(this::run, "terraseal-" + service + "-topics");
        thread.setDaemon(true);
    }

    /** Whether every topic of ours that exists has a partition for each of {@code logs} logs and none more. */
    public static Look logs(KafkaConnection kafka, String service, int logs) {
        return () -> {
            try (Admin admin = kafka.admin("terraseal-" + service + "-topics")) {
                new TopicAdmin(admin).requireLogs(logs);
            }
        };
    }

    public void require() {
        look.require();
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closing.await(EVERY_SECONDS, TimeUnit.SECONDS)) {
                lookOnce();
            }
        } catch (UnsafeTopicsException unsafe) {
            onUnsafe.accept(unsafe);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookOnce() {
        try {
            look.require();
        } catch (UnsafeTopicsException unsafe) {
            throw unsafe;
        } catch (RuntimeException silent) {
            // Whatever it was: a watch that ends would leave a partition unseen that is added later.
            LOG.warn("action=check-topics service={} result=unknown reason=\"{}\"", service, silent.toString());
        }
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
