package dev.terraseal.testkit.s3;

import com.sun.net.httpserver.HttpServer;
import dev.terraseal.core.bytes.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * S3 for tests, on loopback, path style, for what an archive asks of it. Buckets are made through the API. Requests must
 * be signed (AWS: Signature Version 4); that a signature is right is not checked.
 */
public final class S3StandIn implements AutoCloseable {
    static {
        // Read once by the server's class; without it each answer waits 40 ms for a delayed acknowledgement.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    final Map<String, Bucket> buckets = new ConcurrentHashMap<>();
    final Set<Quirk> quirks;
    final Set<String> denied = ConcurrentHashMap.newKeySet();
    final InstantSource clock;
    private final Deque<Fault> faults = new ArrayDeque<>();
    private final AtomicLong requests = new AtomicLong();
    private final HttpServer server;
    private final ExecutorService workers = Executors.newFixedThreadPool(8);

    private S3StandIn(InstantSource clock, Set<Quirk> quirks) throws IOException {
        this.clock = clock;
        this.quirks = quirks;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.createContext("/", new S3Handler(this));
        server.start();
    }

    /** @param clock what decides whether a retain-until date has passed */
    public static S3StandIn start(InstantSource clock, Quirk... quirks) throws IOException {
        Set<Quirk> set = EnumSet.noneOf(Quirk.class);
        set.addAll(Set.of(quirks));
        return new S3StandIn(clock, set);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next {@code times} calls that may fail in this way do; those that change nothing only fail before. */
    public void fault(Fault fault, int times) {
        synchronized (faults) {
            for (int i = 0; i < times; i++) {
                faults.add(fault);
            }
        }
    }

    /** Takes a permission to read, such as {@code s3:ListBucketVersions}, away from every caller. */
    public void deny(String action) {
        denied.add(action);
    }

    /** Takes back faults that no call came upon. */
    public void forgetFaults() {
        synchronized (faults) {
            faults.clear();
        }
    }

    /** Makes a bucket without a call, if there is none of that name. */
    public void createBucket(String name, boolean objectLock) {
        buckets.putIfAbsent(name, new Bucket(objectLock, quirks, clock));
    }

    /** Puts an unlocked version there as another client would, without a call. */
    public void plant(String bucket, String key, Bytes content) {
        Bucket there = buckets.get(bucket);
        if (there == null) {
            throw new IllegalArgumentException("there is no bucket " + bucket);
        }
        there.plant(key, content);
    }

    /** Calls answered or failed so far: what a bill would count. */
    public long requests() {
        return requests.get();
    }

    @Nullable Fault nextFault(boolean write) {
        requests.incrementAndGet();
        synchronized (faults) {
            Fault next = faults.peek();
            boolean before = next == Fault.THROTTLE || next == Fault.FAIL || next == Fault.HALF_AN_ANSWER;
            return next != null && (before || write) ? faults.poll() : null;
        }
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
