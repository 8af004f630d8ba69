package dev.terraseal.schemas.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.schemas.DecodedEvent;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.EventRecord;
import dev.terraseal.schemas.SchemaSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Events as they come over HTTP: one object or an array of them. An event of a foreign type becomes {@code recorded/v1}
 * around the very bytes its {@code predicate} had in the request.
 */
public final class EventJson {
    private final byte[] text;
    private final JsonParser parser;
    private final int most;
    private int problemsKept;
    private final EventDecoder decoder = new EventDecoder(0, SchemaSource.none());

    private EventJson(byte[] text, JsonParser parser, int most) {
        this.text = text;
        this.parser = parser;
        this.most = most;
    }

    /** Reads every event of a request, in its order, however many there are. */
    public static List<ParsedEvent> parse(Bytes request) {
        return parse(request, Integer.MAX_VALUE - 1);
    }

    /**
     * Reads the events of a request, in their order. What comes after one more than {@code most} is not looked at: a few
     * megabytes can hold a million events, each of which costs hundreds of bytes here, and whoever asks refuses them all.
     *
     * @return at most {@code most + 1} events
     * @throws JsonException when the request is no JSON at all, naming line and column
     */
    public static List<ParsedEvent> parse(Bytes request, int most) {
        byte[] text = request.toByteArray();
        requireUtf8(request, text);
        try (JsonParser parser = StrictJson.FACTORY.createParser(text)) {
            List<ParsedEvent> events = new EventJson(text, parser, most).request();
            if (events.size() <= most && parser.nextToken() != null) {
                throw new JsonException("more after the end of the JSON value; send an array, or one event a request");
            }
            return events;
        } catch (JsonProcessingException notJson) {
            throw new JsonException("not JSON" + place(notJson.getLocation()) + ": " + notJson.getOriginalMessage());
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory failed", impossible);
        }
    }

    /** Jackson's own limits (nesting, length of a number) come without a place. */
    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static void requireUtf8(Bytes request, byte[] text) {
        if (text.length >= 3 && text[0] == (byte) 0xef && text[1] == (byte) 0xbb && text[2] == (byte) 0xbf) {
            throw new JsonException("the text begins with a byte order mark; JSON has none (RFC 8259 section 8.1)");
        }
        try {
            request.utf8();
        } catch (IllegalArgumentException malformed) {
            throw new JsonException("the text is not well-formed UTF-8; JSON is always UTF-8");
        }
    }

    private List<ParsedEvent> request() throws IOException {
        List<ParsedEvent> events = new ArrayList<>();
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_OBJECT) {
            events.add(event());
        } else if (first == JsonToken.START_ARRAY) {
            while (events.size() <= most && parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == JsonToken.START_OBJECT) {
                    events.add(event());
                } else {
                    parser.skipChildren();
                    events.add(refused("", RejectionReason.MALFORMED_RECORD, "an event is a JSON object"));
                }
            }
        } else {
            throw new JsonException(
                    first == null ? "the request is empty" : "a request is one event or an array of events");
        }
        return events;
    }

    private static ParsedEvent refused(String pointer, RejectionReason reason, String message) {
        return new ParsedEvent.Refused(List.of(new EventProblem(pointer, reason, message)));
    }

    private ParsedEvent event() throws IOException {
        Problems problems = new Problems(Problems.KEPT_MAX - problemsKept);
        StrictJson values = new StrictJson(parser, problems);
        Map<String, Json> members = new TreeMap<>();
        Bytes predicate = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            boolean twice = members.containsKey(name);
            if (name.equals("predicate") && parser.currentToken() == JsonToken.START_OBJECT) {
                predicate = bytesOfObject();
                members.put(name, StrictJson.REFUSED);
            } else {
                Json value = values.value(Problems.pointer("", name), 1);
                if (values.isFull()) {
                    continue;
                }
                members.put(name, value);
            }
            if (twice) {
                problems.add(
                        Problems.pointer("", name), RejectionReason.BAD_VALUE, "this member is there twice; keep one");
            }
        }
        return parsed(members, predicate, problems);
    }

    /** The object at the parser's token as it stands in the request, first to last character. */
    private Bytes bytesOfObject() throws IOException {
        int from = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
        parser.skipChildren();
        return Bytes.copyOf(text, from, Math.toIntExact(parser.currentLocation().getByteOffset()));
    }

    private ParsedEvent parsed(Map<String, Json> members, @Nullable Bytes predicate, Problems problems)
            throws IOException {
        PredicateType type = null;
        Json body = null;
        if (predicate == null) {
            requirePredicate(members.get("predicate"), problems);
        }
        if (members.get("type") instanceof Json.Str text && text != StrictJson.REFUSED) {
            type = type(text.value(), problems);
            if (predicate != null && type != null) {
                boolean ours = text.value().equals(type.uri());
                body = ours ? read(predicate, problems) : EventParts.recorded(predicate, text.value());
            }
        } else if (members.get("type") != StrictJson.REFUSED) {
            problems.add("/type", RejectionReason.UNKNOWN_TYPE, "missing, or not a string");
        }
        EventRecord record = new EventParts(members, problems).record(type, body);
        ParsedEvent verdict = verdict(record, problems);
        problemsKept += problems.found().size();
        return verdict;
    }

    private static void requirePredicate(@Nullable Json found, Problems problems) {
        if (found == null) {
            problems.add("/predicate", RejectionReason.BODY_MISMATCH, "missing");
        } else if (found != StrictJson.REFUSED) {
            problems.add("/predicate", RejectionReason.BODY_MISMATCH, "expected an object, found " + found.kind());
        }
    }

    /** One of our types, or {@code recorded/v1} for a foreign one. */
    private static @Nullable PredicateType type(String uri, Problems problems) {
        PredicateType type = PredicateType.fromUri(uri).orElse(null);
        if (type == PredicateType.HEADS) {
            problems.add("/type", RejectionReason.RESERVED_STREAM, "the log writes its heads entries itself");
            return null;
        }
        if (type == null && (uri.isBlank() || uri.startsWith(PredicateType.PREFIX))) {
            problems.add(
                    "/type",
                    RejectionReason.UNKNOWN_TYPE,
                    "'" + Problems.shown(uri)
                            + "' is none of this log's types; types of others keep their own address");
            return null;
        }
        return type == null ? PredicateType.RECORDED : type;
    }

    private static @Nullable Json read(Bytes predicate, Problems problems) throws IOException {
        try (JsonParser parser = StrictJson.FACTORY.createParser(predicate.toByteArray())) {
            parser.nextToken();
            return new StrictJson(parser, problems).value("/predicate", 1);
        }
    }

    /** The sequencer's own reading of what would be sent has the last word. */
    private ParsedEvent verdict(@Nullable EventRecord record, Problems problems) {
        if (record == null || !problems.isEmpty()) {
            return new ParsedEvent.Refused(problems.found());
        }
        return decoder.decodeOwn(record.avro().toByteArray())
                .<ParsedEvent>fold(decoded -> new ParsedEvent.Accepted(record, decoded.event()), EventJson::asInJson);
    }

    /** The member {@code predicate} is the field {@code body} in Avro. */
    private static ParsedEvent asInJson(DecodedEvent.Refused refused) {
        String pointer = refused.pointer();
        String message = refused.rejection().message();
        String plain = pointer.isEmpty() ? message : message.substring(pointer.length() + ": ".length());
        String shown = pointer.startsWith("/body") ? "/predicate" + pointer.substring("/body".length()) : pointer;
        return refused(shown, refused.rejection().reason(), plain);
    }
}
