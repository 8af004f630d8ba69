package dev.terraseal.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What lies between an archiver and its store, and can be in several kinds of disorder. */
final class WayToTheStore implements AutoCloseable {
    private static final String BUSY = "<Error><Code>SlowDown</Code><Message>later</Message></Error>";
    private static final byte[] SLOW_DOWN = ("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/xml\r\n"
                    + "Content-Length: " + BUSY.length() + "\r\nConnection: close\r\n\r\n" + BUSY)
            .getBytes(StandardCharsets.US_ASCII);

    /** How it is. */
    enum State {
        OPEN,
        /** Nobody answers. */
        CUT,
        /** The store says 503 SlowDown to everything. */
        THROTTLED,
        /** Each request takes a second more. */
        SLOW,
        /** The connection ends within the request. */
        HALF
    }

    private final URI store;
    private final ServerSocket door;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong writes = new AtomicLong();
    private volatile State state = State.OPEN;

    WayToTheStore(URI store) throws IOException {
        this.store = store;
        this.door = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        threads.submit(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + door.getLocalPort());
    }

    /** How many puts have begun. */
    long writes() {
        return writes.get();
    }

    /** From now on; connections there are end. */
    void set(State next) {
        state = next;
        open.forEach(WayToTheStore::end);
        open.clear();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                open.add(client);
                threads.submit(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        State now = state;
        try {
            if (now == State.CUT) {
                end(client);
                return;
            }
            if (now == State.THROTTLED) {
                readRequest(client.getInputStream());
                client.getOutputStream().write(SLOW_DOWN);
                client.getOutputStream().flush();
                end(client);
                return;
            }
            Socket server = new Socket(store.getHost(), store.getPort());
            open.add(server);
            threads.submit(() -> pump(server, client, Long.MAX_VALUE, 0));
            pump(client, server, now == State.HALF ? 700 : Long.MAX_VALUE, now == State.SLOW ? 1000 : 0);
        } catch (IOException broken) {
            end(client);
        }
    }

    /** The head, and as much of the body as has come. */
    private static void readRequest(InputStream in) throws IOException {
        int line = 0;
        for (int next = in.read(); next >= 0 && line < 2; next = line < 2 ? in.read() : next) {
            line = next == '\n' ? line + 1 : next == '\r' ? line : 0;
        }
        in.skip(in.available());
    }

    private void pump(Socket from, Socket to, long most, long millis) {
        byte[] buffer = new byte[1 << 14];
        long left = most;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0 && left > 0; count = left > 0 ? in.read(buffer) : -1) {
                if (count > 4 && buffer[0] == 'P' && buffer[1] == 'U' && buffer[2] == 'T' && buffer[3] == ' ') {
                    writes.incrementAndGet();
                }
                TimeUnit.MILLISECONDS.sleep(millis);
                int some = (int) Math.min(count, left);
                out.write(buffer, 0, some);
                out.flush();
                left -= some;
            }
        } catch (IOException | InterruptedException ended) {
            // The other side is told below.
        }
        end(from);
        end(to);
        open.remove(from);
        open.remove(to);
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException already) {
            throw new UncheckedIOException(already);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        set(State.CUT);
        threads.shutdownNow();
    }
}
