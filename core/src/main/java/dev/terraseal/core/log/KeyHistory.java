package dev.terraseal.core.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing.UnauthorisedException;
import java.util.ArrayList;
import java.util.List;

/**
 * The key events of a log in order, each with its leaf index. As a file it is for services that cannot read the log back:
 * one line {@code {"authorisation","sequence"}} an event. Whoever hands it over is not trusted; {@link #ring} checks.
 */
public record KeyHistory(List<At> events) {
    /** More than a rotation a day for a century. */
    private static final int EVENTS_MAX = 65_536;

    public static final KeyHistory NONE = new KeyHistory(List.of());

    /** A key event at its leaf index. */
    public record At(SequenceNumber index, KeyEvent event) {}

    public KeyHistory {
        events = List.copyOf(events);
    }

    /** One past the newest of them; 0 if there are none. */
    public SequenceNumber next() {
        return events.isEmpty()
                ? SequenceNumber.ZERO
                : new SequenceNumber(events.get(events.size() - 1).index().value() + 1);
    }

    /** The keys they make of log.json. */
    public KeyRing ring(LogDeclaration log, SignatureChecker checker)
            throws UnauthorisedException, UncheckableException {
        KeyRing ring = KeyRing.of(log);
        for (At each : events) {
            ring = ring.apply(each.event(), each.index(), checker);
        }
        return ring;
    }

    /** The file, a line an event. */
    public Bytes bytes() {
        StringBuilder text = new StringBuilder();
        for (At each : events) {
            text.append(Json.obj()
                            .put("authorisation", each.event().authorisation().json())
                            .put("sequence", each.index().value())
                            .build()
                            .bytes()
                            .utf8())
                    .append('\n');
        }
        return Bytes.utf8(text.toString());
    }

    /** Reads the file; what is not one is an {@link IllegalArgumentException} that names the line. */
    public static KeyHistory parse(Bytes bytes) {
        List<At> events = new ArrayList<>();
        for (String line : bytes.utf8().lines().toList()) {
            if (events.size() == EVENTS_MAX) {
                throw new JsonException("more than " + EVENTS_MAX + " key events");
            }
            try {
                Json.Obj json = CanonicalJson.parseObject(Bytes.utf8(line)).requireMembers("authorisation", "sequence");
                Json.Obj body = Json.obj()
                        .put("authorisation", json.object("authorisation"))
                        .build();
                events.add(new At(new SequenceNumber(json.number("sequence")), KeyEvent.fromBody(body)));
            } catch (IllegalArgumentException wrong) {
                throw new JsonException("line " + (events.size() + 1) + ": " + wrong.getMessage());
            }
        }
        return new KeyHistory(events);
    }
}
