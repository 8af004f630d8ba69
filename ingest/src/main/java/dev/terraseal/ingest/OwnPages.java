package dev.terraseal.ingest;

import dev.terraseal.ingest.http.Guard;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Request;
import java.util.Locale;
import java.util.Optional;

/**
 * Without tokens loopback is the only fence, and a browser on this machine stands inside it: any page it shows could send
 * events here, or read the log under a name of its own that it lets point to 127.0.0.1. So a request says that it means this
 * machine (Host) and that it comes from no page of others (Origin, which a browser adds and a page cannot change).
 */
final class OwnPages implements Guard {
    private final String listening;

    /** @param listening the host name that was configured */
    OwnPages(String listening) {
        this.listening = listening;
    }

    @Override
    public void check(Request request) throws ProblemException {
        Optional<String> host = request.header("Host");
        if (host.isPresent() && !isOurs(name(host.get()))) {
            throw new ProblemException(
                    403,
                    "foreign-host",
                    "the header Host is '" + host.get() + "', and without tokens only this machine is served: ask"
                            + " localhost or 127.0.0.1, or configure http.tokens");
        }
        Optional<String> origin = request.header("Origin");
        if (origin.isPresent() && !origin.get().equalsIgnoreCase("http://" + host.orElse(""))) {
            throw new ProblemException(
                    403,
                    "foreign-origin",
                    "a page of '" + origin.get() + "' asked, and without tokens no page of others is served: configure"
                            + " http.tokens");
        }
    }

    private boolean isOurs(String name) {
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.matches("127(\\.[0-9]{1,3}){3}")
                || name.equals("[::1]")
                || name.equalsIgnoreCase(listening);
    }

    /** Without the port. */
    private static String name(String host) {
        int port = host.lastIndexOf(':');
        String name = port > host.lastIndexOf(']') ? host.substring(0, port) : host;
        return name.toLowerCase(Locale.ROOT);
    }
}
