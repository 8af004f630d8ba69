package dev.terraseal.ingest.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** The streams of an exchange, telling the {@link StallWatch} when they wait for the client. */
final class WatchedStreams {
    private static final int CHUNK = 16 << 10;

    private WatchedStreams() {}

    static void on(HttpExchange exchange, StallWatch.Turn turn, Duration limit) {
        exchange.setStreams(
                new In(exchange.getRequestBody(), turn, limit), new Out(exchange.getResponseBody(), turn, limit));
    }

    private static final class In extends FilterInputStream {
        private final StallWatch.Turn turn;
        private final Duration limit;

        In(InputStream in, StallWatch.Turn turn, Duration limit) {
            super(in);
            this.turn = turn;
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            return turn.reading(limit, () -> in.read(into, from, most));
        }

        /** Closing reads on for a while, for the next request on the connection. */
        @Override
        public void close() throws IOException {
            turn.waiting(limit, in::close);
        }
    }

    private static final class Out extends FilterOutputStream {
        private final StallWatch.Turn turn;
        private final Duration limit;

        Out(OutputStream out, StallWatch.Turn turn, Duration limit) {
            super(out);
            this.turn = turn;
            this.limit = limit;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        /** In pieces: a slow client that takes something now and then is not cut. */
        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            for (int at = 0; at < length; at += CHUNK) {
                int begin = from + at;
                int piece = Math.min(CHUNK, length - at);
                turn.waiting(limit, () -> out.write(bytes, begin, piece));
            }
        }

        @Override
        public void flush() throws IOException {
            turn.waiting(limit, out::flush);
        }

        @Override
        public void close() throws IOException {
            turn.waiting(limit, out::close);
        }
    }
}
