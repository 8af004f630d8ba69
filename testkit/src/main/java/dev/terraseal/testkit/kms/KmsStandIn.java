package dev.terraseal.testkit.kms;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * AWS KMS for tests, on loopback, for the operations Sign, GetPublicKey and DescribeKey. Start the JVM with {@code
 * -Dsun.net.httpserver.nodelay=true}: without it each answer waits for a delayed acknowledgement (40 ms).
 */
public final class KmsStandIn implements AutoCloseable {
    public static final String REGION = "eu-central-1";
    private static final String ACCOUNT = "111122223333";

    final Map<String, StandInKey> keys = new ConcurrentHashMap<>();
    final Map<String, String> denied = new ConcurrentHashMap<>();
    final Map<String, AtomicLong> calls = new ConcurrentHashMap<>();
    final Quota quota = new Quota(System::nanoTime);
    final AtomicInteger dropAfterSigning = new AtomicInteger();
    final AtomicInteger unavailable = new AtomicInteger();
    final Queue<KmsError> refusals = new ConcurrentLinkedQueue<>();
    volatile Duration latency = Duration.ZERO;

    private final List<Runnable> held = new ArrayList<>();
    private int hold;
    private final AtomicInteger created = new AtomicInteger();
    private final HttpServer server;
    private final ExecutorService workers = Executors.newFixedThreadPool(8);
    private final ScheduledExecutorService delay = Executors.newSingleThreadScheduledExecutor();

    public KmsStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.createContext("/", new KmsHandler(this));
        server.start();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Creates an enabled key and returns its ARN. */
    public String createKey(KeySpec spec) {
        String arn = "arn:aws:kms:%s:%s:key/00000000-0000-4000-8000-%012d"
                .formatted(REGION, ACCOUNT, created.incrementAndGet());
        keys.put(arn, new StandInKey(arn, spec));
        return arn;
    }

    public void enable(String arn) {
        key(arn).state(StandInKey.State.ENABLED);
    }

    public void disable(String arn) {
        key(arn).state(StandInKey.State.DISABLED);
    }

    public void scheduleDeletion(String arn) {
        key(arn).state(StandInKey.State.PENDING_DELETION);
    }

    /** Another private key behind the same ARN, as after a mistake no key store should allow. */
    public void replaceKeyMaterial(String arn) {
        keys.put(arn, new StandInKey(arn, key(arn).spec()));
    }

    /** Takes the permission for an operation, such as {@code Sign}, away from the caller. */
    public void deny(String arn, String operation) {
        denied.put(arn, operation);
    }

    public void allow(String arn) {
        denied.remove(arn);
    }

    /** At most so many Sign calls a second; more are throttled. */
    public void signQuota(double callsPerSecond) {
        quota.perSecond(callsPerSecond);
    }

    /** How long each answer takes from here on. */
    public void latency(Duration each) {
        latency = each;
    }

    /** The next {@code count} Sign calls sign, and then the connection breaks before the answer. */
    public void dropAfterSigning(int count) {
        dropAfterSigning.set(count);
    }

    /** The next {@code count} Sign calls are answered with a server error. */
    public void failInternally(int count) {
        unavailable.set(count);
    }

    /** The next Sign call is refused with this code and these words; after several such, one call each. */
    public void refuseOnce(String code, String message) {
        refusals.add(KmsError.refused(code, message));
    }

    /** Calls of an operation so far; {@code Sign:ok} and {@code Sign:throttled} count answers. */
    public long count(String what) {
        AtomicLong counter = calls.get(what);
        return counter == null ? 0 : counter.get();
    }

    /** Sign calls are not answered before so many of them are open at the same time; then this ends. */
    public void holdUntilInFlight(int count) {
        synchronized (held) {
            hold = count;
        }
    }

    void counted(String what) {
        calls.computeIfAbsent(what, name -> new AtomicLong()).incrementAndGet();
    }

    /** Runs {@code answer} when it is due, without holding a worker. */
    void answerLater(boolean sign, Runnable answer) {
        synchronized (held) {
            if (sign && hold > 0) {
                held.add(answer);
                if (held.size() >= hold) {
                    hold = 0;
                    held.forEach(workers::execute);
                    held.clear();
                }
                return;
            }
        }
        Duration wait = latency;
        if (wait.isZero()) {
            answer.run();
        } else {
            ScheduledFuture<?> unused = delay.schedule(answer, wait.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private StandInKey key(String arn) {
        StandInKey key = keys.get(arn);
        if (key == null) {
            throw new IllegalArgumentException("the test never created " + arn);
        }
        return key;
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
        delay.shutdownNow();
    }
}
