package dev.terraseal.ingest.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;

/** A request as a route gets it, without a server: what who asks for is decided by. */
public final class SimulatedRequest {
    private static final URI EVENTS = URI.create("/v1/events");

    private SimulatedRequest() {}

    /** {@code POST /v1/events} with this {@code Authorization} header. */
    public static Request post(String authorization) throws ProblemException {
        Headers headers = new Headers();
        headers.set("Authorization", authorization);
        headers.set("Content-Type", "application/json");
        return Request.of(new Posted(headers), new ArrayList<>());
    }

    private static final class Posted extends HttpExchange {
        private final Headers headers;

        Posted(Headers headers) {
            this.headers = headers;
        }

        @Override
        public Headers getRequestHeaders() {
            return headers;
        }

        @Override
        public URI getRequestURI() {
            return EVENTS;
        }

        @Override
        public String getRequestMethod() {
            return "POST";
        }

        @Override
        public Headers getResponseHeaders() {
            throw noSocket();
        }

        @Override
        public HttpContext getHttpContext() {
            throw noSocket();
        }

        @Override
        public void close() {
            throw noSocket();
        }

        @Override
        public InputStream getRequestBody() {
            throw noSocket();
        }

        @Override
        public OutputStream getResponseBody() {
            throw noSocket();
        }

        @Override
        public void sendResponseHeaders(int code, long length) {
            throw noSocket();
        }

        @Override
        public InetSocketAddress getRemoteAddress() {
            throw noSocket();
        }

        @Override
        public int getResponseCode() {
            throw noSocket();
        }

        @Override
        public InetSocketAddress getLocalAddress() {
            throw noSocket();
        }

        @Override
        public String getProtocol() {
            throw noSocket();
        }

        @Override
        public Object getAttribute(String name) {
            throw noSocket();
        }

        @Override
        public void setAttribute(String name, Object value) {
            throw noSocket();
        }

        @Override
        public void setStreams(InputStream in, OutputStream out) {
            throw noSocket();
        }

        @Override
        public HttpPrincipal getPrincipal() {
            throw noSocket();
        }

        private static UnsupportedOperationException noSocket() {
            return new UnsupportedOperationException("no socket is behind this request");
        }
    }
}
