package dev.terraseal.run.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.receipt.Receipt;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads what came back. Anything may sit between us and the pipeline, or in its place: a redirect, a portal, another
 * service. Evidence leaves the queue only for an answer that nothing else gives.
 */
final class Replies {
    private static final Set<Integer> REFUSING = Set.of(400, 409, 413, 422);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final LogServer server;

    Replies(LogServer server) {
        this.server = server;
    }

    /** To a POST of {@code events}: taken only where each of them is named, refused only by a problem of the pipeline. */
    Answer posted(HttpResponse<byte[]> response, List<SentEvent> events) {
        int status = response.statusCode();
        if (status >= 200 && status <= 202) {
            return names(response, events)
                    ? taken(response)
                    : notThePipeline(status, " and does not name what was sent; is --server right?");
        }
        Problem problem = problem(response);
        if (status == 401 || status == 403) {
            return new Answer.NotPermitted(problem);
        }
        // bad-query is about how we ask and not about the event.
        boolean refused = REFUSING.contains(status)
                && problem.isOfPipeline()
                && !problem.code().equals("bad-query");
        return refused
                ? new Answer.Refused(problem)
                : notThePipeline(status, problem.isOfPipeline() ? ": " + problem.summary() : "; is --server right?");
    }

    /** To a PUT of evidence. */
    Answer stored(HttpResponse<byte[]> response, Digest digest) {
        int status = response.statusCode();
        if (status < 200 || status > 299) {
            return asked(response);
        }
        try {
            Json.Obj stored = CanonicalJson.parseObject(Bytes.wrap(response.body()));
            if (digest.hex().equals(stored.stringOrNull("sha256"))) {
                return new Answer.Recorded(List.of());
            }
        } catch (IllegalArgumentException notOurs) {
            // The same as another digest.
        }
        return notThePipeline(status, " and does not name the digest that was stored; is --server right?");
    }

    /** To a question about one receipt, or for a file. */
    Answer asked(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status >= 200 && status <= 202) {
            return taken(response);
        }
        Problem problem = problem(response);
        return status == 401 || status == 403 ? new Answer.NotPermitted(problem) : new Answer.Refused(problem);
    }

    private Answer notThePipeline(int status, String what) {
        return new Answer.Unavailable(server + " answered " + status + what);
    }

    private static boolean names(HttpResponse<byte[]> response, List<SentEvent> events) {
        try {
            Set<String> named = new HashSet<>();
            Json.Obj body = CanonicalJson.parseObject(Bytes.wrap(response.body()));
            for (Json.Obj event : body.array("events").objects()) {
                named.add(event.string("stream") + "\n" + event.string("id"));
            }
            return events.stream().allMatch(event -> named.contains(event.stream() + "\n" + event.id()));
        } catch (IllegalArgumentException notOurs) {
            return false;
        }
    }

    private static Answer taken(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status == 202) {
            return new Answer.Accepted();
        }
        try {
            return new Answer.Recorded(receipts(Bytes.wrap(response.body())));
        } catch (IllegalArgumentException malformed) {
            return new Answer.Refused(new Problem(
                    status,
                    Problem.BAD_RECEIPT,
                    "the server's receipt cannot be read: "
                            + Problem.printable(String.valueOf(malformed.getMessage()), 500),
                    List.of()));
        }
    }

    /** One receipt by itself, or those of the events of a request; an answer without any has none. */
    private static List<Receipt> receipts(Bytes body) {
        List<Receipt> out = new ArrayList<>();
        if (!body.isEmpty()) {
            Json.Obj json = CanonicalJson.parseObject(body);
            if (json.has("format")) {
                out.add(readable(body));
            } else if (json.has("events")) {
                for (Json.Obj event : json.array("events").objects()) {
                    Json.Obj receipt = event.objectOrNull("receipt");
                    if (receipt != null) {
                        out.add(readable(receipt.bytes()));
                    }
                }
            }
        }
        return out;
    }

    /** A receipt is read with its statement: whoever has one may ask what it says. */
    private static Receipt readable(Bytes bytes) {
        Receipt receipt = Receipt.parse(bytes);
        receipt.statement();
        return receipt;
    }

    static Problem problem(HttpResponse<byte[]> response) {
        JsonNode body = MissingNode.getInstance();
        try {
            JsonNode read = MAPPER.readTree(response.body());
            body = read == null ? body : read;
        } catch (JsonProcessingException notJson) {
            // A proxy's page; the status says enough.
            return new Problem(
                    response.statusCode(),
                    "",
                    "the server answered " + response.statusCode() + " without saying why",
                    List.of());
        } catch (IOException impossible) {
            throw new IllegalStateException("reading bytes in memory failed", impossible);
        }
        return Problem.of(response.statusCode(), body);
    }
}
